import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { changeEdits } from '../../../../src/config/edit/change-experiment.ts';
import { completionsAt, hoverAt } from '../../../../src/config/language/completions.ts';
import { formState } from '../../../../src/config/form/form-state.ts';
import { OPTIONS } from '../../../../src/config/options/options.ts';
import { outlineOf } from '../../../../src/config/language/outline.ts';
import { isExperimentText, readExperiment } from '../../../../src/config/check/parse-experiment.ts';
import { setOption } from '../../../../src/config/edit/set-option.ts';
import { applyEdits } from '../../../../src/config/edit/text-edit.ts';
import { summariseExperiment } from '../../../../src/host/experiments/experiment-summary.ts';
import type { FormChange } from '../../../../src/protocol/panels/form-change.ts';
import type { FuzzFormat } from '../format.ts';
import { anyText } from '../like.ts';
import { ODD_NUMBERS } from '../words.ts';
import { bytesOf, decode, filesBelow } from './seeds.ts';

const PATHS = Object.keys(OPTIONS);
const KEYS = [...new Set(PATHS.flatMap((path) => path.split(/[.[\]]+/)).filter(Boolean))];

const CHANGES: readonly FormChange[] = [
  { kind: 'set', path: 'hyperparameters.seed', value: '7' },
  { kind: 'set', path: 'model.name', value: '__proto__' },
  { kind: 'set', path: 'constructor.name', value: '1' },
  { kind: 'reset', path: 'hyperparameters.learning_rate' },
  { kind: 'addItem', path: 'training_blocks', value: 'encoder' },
  { kind: 'addItem', path: 'evaluation.metrics', value: 'ndcg@10' },
  { kind: 'removeItem', path: 'training_blocks', index: 0 },
  { kind: 'moveItem', path: 'training_blocks', from: 0, to: 1 },
];

/** Where the cursor is: it differs from input to input, and is the same for the same input. */
function cursorIn(text: string): number {
  return text.length === 0 ? 0 : (text.length * 7919) % (text.length + 1) || text.length >> 1;
}

export const yaml: FuzzFormat = {
  ending: 'yml',
  parts: ['bytes'],
  seeds: () => [
    ...filesBelow('configs', '.yml'),
    ...filesBelow('test/fixtures/config/broken', '.yml'),
    ...filesBelow('test/fixtures/runs', 'experiment.yml'),
    bytesOf(
      'model: &m { name: a/b }\ndata: { uri: x }\nhyperparameters: &h { seed: 1 }\nevaluation:\n  <<: *h\n  metrics: [*m]\n',
    ),
  ],
  arbitrary: () => fc.oneof(document, aliases, merges, nested).map(bytesOf),
  words: [
    ...KEYS,
    ...[
      '&a ',
      '*a',
      '<<: *a',
      '<<: [*a, *a]',
      '!!set',
      '!!float ',
      '!!js/function ',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '? ',
      ': ',
    ],
    ...[
      '|\n',
      '>-\n',
      '# ',
      '\n  ',
      '\n',
      '\t',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      ': : ',
      '"',
      "'",
      '@',
      '.inf',
      '.nan',
      '~',
      '0o7',
    ],
  ],
  readers: {
    read: (bytes) => readExperiment(decode(bytes), 'x.yml'),
    recognise: (bytes) => isExperimentText(decode(bytes)),
    outline: (bytes) => outlineOf(decode(bytes)),
    complete: (bytes) => completionsAt(decode(bytes), cursorIn(decode(bytes))),
    hover: (bytes) => hoverAt(decode(bytes), cursorIn(decode(bytes))),
    form: (bytes) => formState(decode(bytes), 'x.yml'),
    change: (bytes) => {
      const text = decode(bytes);
      return applyEdits(text, changeEdits(text, CHANGES[text.length % CHANGES.length]!));
    },
    set: (bytes) => setOption(decode(bytes), 'hyperparameters.seed=7'),
    summarise: (bytes) => summariseExperiment(decode(bytes)),
  },
};

const scalar = fc.oneof(
  fc.constantFrom(
    ...ODD_NUMBERS,
    'true',
    'FALSE',
    'null',
    '~',
    '.inf',
    '-.inf',
    '.nan',
    '1_000',
    '0o17',
    '2001-01-01',
    '7e-6',
    '"a"',
    "'b'",
    '*a',
    '&a 1',
    '<<',
    'AdamW',
    'cross-encoder',
    'bundled:all-MiniLM-L6-v2',
  ),
  anyText.map((text) => JSON.stringify(text)),
  fc.string({ maxLength: 12 }),
);

/** A document of options with any values, in block or flow style. */
const document: Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), scalar, fc.integer({ min: 0, max: 5 })), { maxLength: 30 })
  .map((lines) => {
    const text = lines.map(([key, value, style]) => {
      if (style === 0) return `${key}:`;
      if (style === 1) return `${key}: { ${key}: ${value} }`;
      if (style === 2) return `  - ${key}: ${value}`;
      return `${style < 4 ? '  ' : ''}${key}: ${value}`;
    });
    return `model: {name: a/b}\ndata: {uri: c}\n${text.join('\n')}\n`;
  });

const small = fc.integer({ min: 1, max: 30 });

/** Aliases of aliases: few bytes that stand for very many nodes. */
const aliases: Arbitrary<string> = fc
  .tuple(small, small, fc.constantFrom('', 'model: [\n', 'model: {name: 1, name: 2}\n', 'x: y: z\n'))
  .map(([depth, width, tail]) => {
    const lines = Array.from({ length: depth }, (_, i) => {
      const item = i === 0 ? 'x' : `*a${i - 1}`;
      return `k${i}: &a${i} [${Array.from({ length: width }, () => item).join(', ')}]`;
    });
    return `${lines.join('\n')}\nmodel: *a${depth - 1}\ndata: *a${depth - 1}\ntraining_blocks: *a${depth - 1}\n${tail}`;
  });

/** Merge keys of mappings that merge mappings. */
const merges: Arbitrary<string> = fc.tuple(small, small, fc.boolean()).map(([depth, width, isBroken]) => {
  const lines = Array.from({ length: depth }, (_, i) =>
    i === 0
      ? 'm0: &m0 { k: 1 }'
      : `m${i}: &m${i} { <<: [${Array.from({ length: width }, () => `*m${i - 1}`).join(', ')}], k${i}: 1 }`,
  );
  return `${lines.join('\n')}\nmodel: { <<: *m${depth - 1}, name: x }\ndata: { <<: *m${depth - 1}, uri: y }\n${isBroken ? 'a: b: c\n' : ''}`;
});

/** One opener over and over, after what keeps a parser from seeing where it is. */
const nested: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', 'a: b: c\n', 'model: {name: a/b}\ndata: {uri: c}\nx: ', '"', '- '),
    fc.constantFrom('[', '{', '{a: ', '- ', '? ', '[{', '&a ', '!!x ', '|\n ', '\n\t', ': ', ',', '"', '# \n'),
    fc.constantFrom(10, 60, 500, 5000, 20_000),
  )
  .map(([start, opener, n]) => start + opener.repeat(n));
