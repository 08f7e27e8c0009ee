import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completionsAt, hoverAt } from '../../../src/config/language/completions.ts';
import { isExperimentText, parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { setOption } from '../../../src/config/edit/set-option.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { cpuMs } from '../cpu-time.ts';

const CONFIGS = new URL('../../../configs/', import.meta.url);
const texts = readdirSync(CONFIGS).map((file) => readFileSync(new URL(file, CONFIGS), 'utf8'));
const FRAGMENTS = [
  ':',
  ' ',
  '\n',
  '\t',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '- ',
  '#',
  '&a ',
  '*a',
  '<<: ',
  '!!',
  '|',
  '>',
  '---\n',
  '\r',
  '\u0000',
  '? ',
  '%',
  '@',
  '\uD800',
  '\uFEFF',
  'null',
  '.inf',
];

/** Whole numbers below n, the same for every run (mulberry32). */
function randomBelow(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

function mutated(text: string, random: (n: number) => number): string {
  let result = random(3) === 0 ? text.slice(0, random(text.length)) : text;
  for (let i = random(4); i >= 0; i--) {
    const at = random(result.length + 1);
    const fragment = FRAGMENTS[random(FRAGMENTS.length)]!;
    result = result.slice(0, at) + fragment + result.slice(at + random(6));
  }
  return result;
}

/** What is unclear about a text's problems: each must be in words, with a place inside the text. Empty when all is well. */
function unclear(text: string): string[] {
  const parsed = parseExperiment(text, 'x.yml');
  const hasError = parsed.problems.some(({ severity }) => severity === 'error');
  const wrong = parsed.problems.filter(
    ({ start, end, line, column, message }) =>
      !(start >= 0 && start <= end && end <= text.length && line >= 1 && column >= 1) ||
      /undefined|\[object/.test(message),
  );
  const isInconsistent = 'experiment' in parsed === hasError;
  return [
    ...(isInconsistent ? ['an experiment beside an error, or neither'] : []),
    ...wrong.map((p) => JSON.stringify(p)),
  ];
}

describe('any text', () => {
  it('is read, completed, explained and edited without a throw that is not a problem', () => {
    const random = randomBelow(1);
    for (let i = 0; i < 400; i++) {
      const text = mutated(texts[i % texts.length]!, random);
      const context = JSON.stringify(text);
      try {
        expect(unclear(text)).toEqual([]);
        isExperimentText(text);
        const offset = random(text.length + 1);
        const { start, end } = completionsAt(text, offset);
        expect(start <= offset && offset <= end).toBe(true);
        hoverAt(text, offset);
      } catch (error) {
        throw new Error(`with ${context}`, { cause: error });
      }
      let set: string;
      try {
        set = setOption(text, 'hyperparameters.seed=7');
      } catch (error) {
        if (error instanceof ProblemError) continue;
        throw new Error(`setting an option of ${context}`, { cause: error });
      }
      const parsed = parseExperiment(set, 'x.yml');
      if ('experiment' in parsed) expect(parsed.experiment.hyperparameters.seed).toBe(7);
    }
  });

  it('may be cut off anywhere', () => {
    const cut = texts.flatMap((text) =>
      Array.from({ length: Math.ceil(text.length / 11) }, (_, i) => text.slice(0, i * 11)),
    );
    expect(cut.flatMap(unclear)).toEqual([]);
  });

  it('may nest, repeat and refer to itself without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...Array.from(
        'bcdefghi',
        (c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]!}`).join(', ')}]`,
      ),
    ];
    for (const text of [
      '['.repeat(50_000),
      '{a: '.repeat(20_000),
      '- '.repeat(50_000),
      bomb.join('\n'),
      'model: &m {name: *m}\ndata: *m',
      'model: &m\n  <<: *m\ndata: {uri: x}',
      `model: {name: ${'x'.repeat(300_000)}}`,
      `${'k'.repeat(300_000)}: 1\nmodel: 1`,
    ]) {
      const started = cpuMs();
      expect(unclear(text)).toEqual([]);
      expect(cpuMs() - started).toBeLessThan(2000);
    }
  });
});
