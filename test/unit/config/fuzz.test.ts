/** Thousands of texts, mutated from shipped experiments or built from YAML's signs: each call ends with a value or a problem. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changeEdits } from '../../../src/config/edit/change-experiment.ts';
import { completionsAt, hoverAt } from '../../../src/config/language/completions.ts';
import { formState } from '../../../src/config/form/form-state.ts';
import { MAX_PROBLEMS } from '../../../src/config/yaml/limits.ts';
import { outlineOf } from '../../../src/config/language/outline.ts';
import { isExperimentText, parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { setOption } from '../../../src/config/edit/set-option.ts';
import { applyEdits } from '../../../src/config/edit/text-edit.ts';
import { readYaml } from '../../../src/config/yaml/yaml-source.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { cpuMs } from '../cpu-time.ts';

const CONFIGS = new URL('../../../configs/', import.meta.url);
const valid = readdirSync(CONFIGS).map((file) => readFileSync(new URL(file, CONFIGS), 'utf8'));

/** Of processor time; a call takes milliseconds. */
const LIMIT_MS = 5000;

const SIGNS = [
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ': ',
    ':',
    '- ',
    '-',
    '? ',
    '#',
    ' # c',
    '\n',
    '\n  ',
    '\n    ',
    '\r',
    '\r\n',
    '\t',
    ' ',
  ],
  ...['&a ', '&b ', '*a', '*b', '*a, *a, *a', '<<: *a', '<<: [*a, *b]', '!!str ', '!x ', '|\n', '>-\n', '"', "'", '\\'],
  ...[
    '%YAML 1.2\n',
    '---\n',
    '...\n',
    '\uFEFF',
    '\u0000',
    '\u2028',
    '\uD800',
    '@',
    '`',
    '~',
    'null',
    '.nan',
    '0x1f',
    '1e999',
  ],
  ...[
    'model',
    'data',
    'hyperparameters',
    'training_blocks',
    'block_name',
    'evaluation',
    'metrics',
    '__proto__',
    'seed',
  ],
];

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...SIGNS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8, unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...SIGNS), fc.integer({ min: 2, max: 200 })).map(([sign, n]) => sign.repeat(n)),
  },
);

const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(40), put: piece });

const mutated = fc
  .tuple(fc.constantFrom(...valid), fc.array(edit, { minLength: 1, maxLength: 6 }))
  .map(([text, edits]) =>
    edits.reduce((before, { at, cut, put }) => {
      const offset = Math.floor(at * before.length);
      return before.slice(0, offset) + put + before.slice(offset + cut);
    }, text),
  );

const built = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

/** A value, or the problem that was thrown; anything else that is thrown is a bug. */
function orProblem<T>(act: () => T): T | ProblemError {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

function timed<T>(name: string, act: () => T): T {
  const started = cpuMs();
  const result = act();
  expect(cpuMs() - started, name).toBeLessThan(LIMIT_MS);
  return result;
}

function check(text: string, at: number): void {
  const offset = Math.floor(at * text.length);
  const { problems } = timed('problems', () => parseExperiment(text, 'x.yml'));
  expect(problems.length).toBeLessThanOrEqual(MAX_PROBLEMS + 1);
  for (const { start, end, message } of problems) {
    expect(0 <= start && start <= end && end <= text.length, message).toBe(true);
    expect(message).not.toMatch(/undefined|\[object|native code/);
  }
  timed('kind', () => isExperimentText(text));
  timed('outline', () => outlineOf(text));
  const { start, end } = timed('completions', () => completionsAt(text, offset));
  expect(start <= offset && offset <= end).toBe(true);
  timed('hover', () => hoverAt(text, offset));
  timed('form', () => formState(text, 'x.yml'));
  const edits = timed('change', () =>
    orProblem(() => changeEdits(text, { kind: 'set', path: 'hyperparameters.seed', value: '7' })),
  );
  if (!(edits instanceof ProblemError)) expect(readYaml(applyEdits(text, edits)).findings).toEqual([]);
  const set = timed('set', () => orProblem(() => setOption(text, 'hyperparameters.seed=7')));
  if (typeof set === 'string') expect(readYaml(set).findings).toEqual([]);
}

const options = { seed: 20, endOnFailure: true };
/** Seconds, but many on a busy machine. */
const TEST_MS = 300_000;
const place = fc.double({ min: 0, max: 1, noNaN: true });

it('reads mutated experiments', { timeout: TEST_MS }, () => {
  fc.assert(fc.property(mutated, place, check), { ...options, numRuns: 1500 });
});

it('reads texts built from the signs of YAML', { timeout: TEST_MS }, () => {
  fc.assert(fc.property(built, place, check), { ...options, numRuns: 2500 });
});
