import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzFormat, Reader } from '../format.ts';
import { anyText } from '../like.ts';
import { ODD_NUMBERS } from '../words.ts';
import { commandLine } from './command-line.ts';
import { bytesOf } from './seeds.ts';

const QUERIES = ['q1', 'q2', '30', '__proto__', 'é'];
const DOCUMENTS = ['d1', 'd2', 'd3', 'constructor', '\u00a0d'];

const QRELS = `${QUERIES.flatMap((query) => DOCUMENTS.map((document, i) => `${query} 0 ${document} ${(i % 4) - Number(i === 4)}`)).join('\n')}\n`;
const RUN = `${QUERIES.flatMap((query) => DOCUMENTS.map((document, i) => `${query} Q0 ${document} ${i + 1} ${(10 - i) / 3} tag`)).join('\n')}\n`;

const word = fc.oneof(
  fc.constantFrom(...QUERIES, ...DOCUMENTS),
  anyText.map((text) => text.replace(/[\s\v\f]/g, '') || 'x'),
);
const number = fc.oneof(
  fc.integer({ min: -2, max: 4 }).map(String),
  fc.constantFrom(...ODD_NUMBERS, 'inf', '-INFINITY', '1e-400', '.5', '5.'),
);
const blank = fc.constantFrom(' ', '\t', '  ', '\u000b', '\r');

/** Lines of as many fields as the format has, one more or one fewer here and there. */
function anyLines(fields: readonly Arbitrary<string>[]): Arbitrary<Uint8Array> {
  const line = fc
    .tuple(fc.tuple(...fields), blank, fc.integer({ min: 0, max: 30 }))
    .map(([words, between, odd]) =>
      (odd === 0 ? words.slice(1) : odd === 1 ? [...words, 'more'] : words).join(between),
    );
  return fc.array(line, { maxLength: 40 }).map((lines) => bytesOf(lines.join('\n')));
}

/** Runs the command `metrics` on two files with every measure. */
function evaluate(
  files: (bytes: Uint8Array) => { readonly qrels: Uint8Array; readonly run: Uint8Array },
  isJson: boolean,
): Reader {
  return async (bytes, folder) => {
    const { qrels, run } = files(bytes);
    const paths = [join(folder, 'qrels.txt'), join(folder, 'run.txt')] as const;
    writeFileSync(paths[0], qrels);
    writeFileSync(paths[1], run);
    return commandLine(
      'metrics',
      '--qrels',
      paths[0],
      '--run',
      paths[1],
      '-m',
      'all_trec',
      '-q',
      '-c',
      ...(isJson ? ['--json'] : []),
    );
  };
}

const words = [
  ...QUERIES,
  ...DOCUMENTS,
  ' 0 ',
  ' Q0 ',
  '\n',
  '\r\n',
  '#',
  'inf',
  '-inf',
  '1e400',
  '\t',
  '\u00a0',
  '\u0000',
];

export const qrels: FuzzFormat = {
  ending: 'txt',
  parts: ['bytes'],
  seeds: () => [bytesOf(QRELS), bytesOf(QRELS.replaceAll(' ', '\t')), bytesOf(`# judged\n\n${QRELS}`)],
  arbitrary: () => anyLines([word, fc.constant('0'), word, number]),
  words,
  readers: { evaluate: evaluate((bytes) => ({ qrels: bytes, run: bytesOf(RUN) }), false) },
};

export const trecRun: FuzzFormat = {
  ending: 'txt',
  parts: ['bytes'],
  seeds: () => [bytesOf(RUN), bytesOf(RUN.replaceAll(' ', '\t')), bytesOf(RUN.replaceAll('tag', 'tag more'))],
  arbitrary: () => anyLines([word, fc.constant('Q0'), word, number, number, word]),
  words,
  readers: { evaluate: evaluate((bytes) => ({ qrels: bytesOf(QRELS), run: bytes }), true) },
};
