import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { COLUMNS } from '../../../../src/data/judgement-columns.ts';
import type { FuzzFormat } from '../format.ts';
import { anyText, like } from '../like.ts';
import { printTree } from '../json-tree.ts';
import { parsedTree } from '../mutate-json.ts';
import { ODD_KEYS, ODD_NUMBERS } from '../words.ts';
import { judgementFile } from './data-source.ts';
import { bytesOf, decode, filesBelow } from './seeds.ts';

const NAMES = [...Object.values(COLUMNS), 'small_version', 'large_version', 'product_brand', 'product_bullet_point'];

const cell = fc.oneof(
  fc.constantFrom('us', 'E', 'S', 'I', 'Exact', 'train', 'test', '1', '0', 'true', ...ODD_NUMBERS),
  anyText,
  fc.constantFrom('"', '""', '"a', 'a"b', '"a\nb"', '"a,b"', '"\t"', '\\"'),
);

/** A table with a header of some of the columns and lines of any cells. */
function anyTable(delimiter: string): Arbitrary<Uint8Array> {
  const header = fc.oneof(
    { weight: 4, arbitrary: fc.constant(NAMES) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...NAMES, ...ODD_KEYS), { maxLength: 12 }) },
  );
  return header.chain((names) =>
    fc
      .tuple(
        fc.array(
          fc.array(cell, {
            minLength: Math.max(0, names.length - (names.length % 7 === 0 ? 1 : 0)),
            maxLength: names.length,
          }),
          { maxLength: 12 },
        ),
        fc.constantFrom('\n', '\r\n', '\r'),
      )
      .map(([rows, end]) => bytesOf([names, ...rows].map((row) => row.join(delimiter) + end).join(''))),
  );
}

function delimited(ending: 'csv' | 'tsv', delimiter: string): FuzzFormat {
  return {
    ending,
    parts: ['bytes'],
    seeds: () => filesBelow('test/fixtures/data', `.${ending}`),
    arbitrary: () => anyTable(delimiter),
    words: [
      ...NAMES,
      delimiter,
      '"',
      '""',
      '\r\n',
      '\n',
      `"${delimiter}`,
      '\ufeff',
      'train',
      'test',
      'E',
      'us',
      '\u0000',
    ],
    readers: { named: judgementFile(`train.${ending}`), bySplit: judgementFile(`judgements.${ending}`) },
  };
}

export const csv = delimited('csv', ',');
export const tsv = delimited('tsv', '\t');

export const jsonl: FuzzFormat = {
  ending: 'jsonl',
  parts: ['jsonl'],
  seeds: () => filesBelow('test/fixtures/data', '.jsonl'),
  arbitrary: (seeds) => {
    const lines = seeds.flatMap((bytes) => decode(bytes).split('\n')).flatMap((line) => parsedTree(line) ?? []);
    const line = fc.oneof(...lines.slice(0, 6).map(like));
    return fc.array(line, { maxLength: 8 }).map((rows) => bytesOf(rows.map((row) => `${printTree(row)}\n`).join('')));
  },
  words: [...NAMES, 'train', 'test', 'us', '\n', '\r\n'],
  readers: { named: judgementFile('train.jsonl'), bySplit: judgementFile('judgements.jsonl') },
};
