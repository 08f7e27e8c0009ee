/** A few hundred bytes, or a megabyte: whoever reads a text is done at once, and says what is wrong with it. */
import { describe, expect, it } from 'vitest';
import { changeEdits } from '../../../src/config/edit/change-experiment.ts';
import { completionsAt, hoverAt } from '../../../src/config/language/completions.ts';
import { formState } from '../../../src/config/form/form-state.ts';
import { MAX_PROBLEMS } from '../../../src/config/yaml/limits.ts';
import { NO_FACTS_FROM_RUNS } from '../../../src/config/check/run-facts.ts';
import type { Option } from '../../../src/config/options/option-kinds.ts';
import { OPTIONS } from '../../../src/config/options/options.ts';
import { outlineOf } from '../../../src/config/language/outline.ts';
import { isExperimentText, parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { setOption } from '../../../src/config/edit/set-option.ts';
import { readYaml } from '../../../src/config/yaml/yaml-source.ts';
import { summariseExperiment } from '../../../src/host/experiments/experiment-summary.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { GROWING, hostileTexts, KEPT } from './hostile-texts.ts';
import { cpuMs } from '../cpu-time.ts';

/** Many times what any of them needs on a busy machine; what hung took minutes or for ever. */
const LIMIT_MS = 10_000;

/** All that is done with a text; an edit may be refused. */
const CONSUMERS: Readonly<Record<string, (text: string) => unknown>> = {
  problems: (text) => parseExperiment(text, 'x.yml').problems,
  kind: isExperimentText,
  summary: summariseExperiment,
  outline: outlineOf,
  completions: (text) => [text.length, text.length >> 1].map((at) => completionsAt(text, at)),
  hover: (text) => [text.length, text.length >> 1].map((at) => hoverAt(text, at)),
  form: (text) => formState(text, 'x.yml'),
  change: (text) => orProblem(() => changeEdits(text, { kind: 'set', path: 'hyperparameters.seed', value: '7' })),
  list: (text) => orProblem(() => changeEdits(text, { kind: 'removeItem', path: 'training_blocks', index: 1 })),
  set: (text) => orProblem(() => setOption(text, 'hyperparameters.seed=7')),
};

function orProblem(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

function slow(text: string): string[] {
  return Object.entries(CONSUMERS).flatMap(([name, consume]) => {
    const started = cpuMs();
    consume(text);
    const ms = cpuMs() - started;
    return ms < LIMIT_MS ? [] : [`${name}: ${Math.round(ms)} ms`];
  });
}

describe('a hostile text', { timeout: 120_000 }, () => {
  it.each(hostileTexts(1500))('%s, small', (_name, text) => {
    expect(slow(text)).toEqual([]);
  });

  it.each(Object.entries(GROWING))('%s, of up to a megabyte', (_name, textOf) => {
    const perItem = Math.max(1, (textOf(1100).length - textOf(100).length) / 1000);
    expect(slow(textOf(Math.floor(900_000 / perItem)))).toEqual([]);
  });
});

describe('the bounds', () => {
  const problemsOf = (text: string) => parseExperiment(text, 'x.yml').problems;
  const only = (text: string) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    return problems[0]!;
  };
  const VALID = 'model: { name: a }\ndata: { uri: b }\n';

  it('count aliases as what they stand for, and show the one that is too much', () => {
    const text = KEPT.get('aliases-and-an-error.yml')!;
    const { code, start, end, message, line, column } = only(text);
    expect(code).toBe('too-large');
    expect(text.slice(start, end)).toBe('*d');
    expect(message).toMatch(/^found \*d, with which the aliases stand for \d+ keys and values, expected at most 10000/);
    expect([line, column]).toEqual([7, 14]);
    expect(readYaml(text).doc).toBeUndefined();
  });

  it('count what merge keys bring in', () => {
    expect(only(KEPT.get('nested-merge-keys.yml')!).code).toBe('too-large');
  });

  it('name an alias inside of what it stands for', () => {
    expect(only(KEPT.get('alias-of-itself.yml')!).message).toBe(
      'found *m inside of what it stands for, expected an anchor above it',
    );
    expect(only(KEPT.get('merge-of-itself.yml')!).line).toBe(2);
  });

  it('refuse a file above a megabyte, a million lines and fifty levels before they parse it', () => {
    expect(only(`${VALID}# ${'é'.repeat(500_000)}\n`).found).toBe('a file of more than 1000000 bytes');
    expect(only(VALID + '#\n'.repeat(100_000))).toMatchObject({ found: 'more than 20000 lines', line: 20_001 });
    expect(only(`${VALID}a: b: c\nx: ${'['.repeat(60)}`)).toMatchObject({ code: 'too-large', line: 4 });
    expect(only(`${VALID}x:\n  ${'- '.repeat(60)}`)).toMatchObject({ code: 'too-large', line: 4 });
    expect(only(`${VALID}${'k: 1, '.repeat(4)}x: [${'a,'.repeat(9000)}]`)).toMatchObject({
      code: 'too-large',
      line: 3,
    });
  });

  it('leave an experiment alone that is long by its comments and anchors', () => {
    const notes = '# a note of one line\n'.repeat(5000);
    const anchors = Array.from({ length: 300 }, (_, i) => `x-${i}: &a${i} { seed: ${i} }\n`).join('');
    const parsed = parseExperiment(`${notes}${VALID}${anchors}hyperparameters: { <<: [*a7, *a8] }\n`, 'x.yml');
    expect('experiment' in parsed && parsed.experiment.hyperparameters.seed).toBe(7);
  });

  it('of each number keep what is computed from it finite', () => {
    const known = { ...NO_FACTS_FROM_RUNS, sizeOf: () => ({ nQueries: 2 ** 40, nJudgements: 2 ** 50 }) };
    for (const [path] of Object.entries<Option>(OPTIONS).filter(([, option]) => option.kind === 'number')) {
      for (const value of ['1e308', '-1e308', '5e-324', '9007199254740991', '1000000', '10000', '9'.repeat(5000)]) {
        const [section, ...keys] = path.split('.');
        const text = keys.reduceRight((inner, key) => `{ ${key}: ${inner} }`, value);
        const { problems } = parseExperiment(`${VALID}x-a: 1\n${section!}: ${text}\n`, 'x.yml', known);
        expect(problems.map(({ message }) => message).join('\n'), `${path}: ${value}`).not.toMatch(
          /found .*NaN|expected .*(?:NaN|Infinity)/,
        );
      }
    }
  });

  it('tell a wrong item once, where its anchor stands, however often it comes', () => {
    const text = `${VALID}x-b: &b { block_name: encodre }\ntraining_blocks: [*b, *b, *b]\n`;
    const wrong = problemsOf(text).filter(({ code }) => code === 'unknown-value');
    expect(wrong.map(({ line }) => line)).toEqual([3]);
  });

  it('tell the first problems and count the rest, an error before any warning', () => {
    const text = VALID + Array.from({ length: 412 }, (_, i) => `k${i}: 1\n`).join('');
    const problems = problemsOf(text);
    expect(problems).toHaveLength(MAX_PROBLEMS + 1);
    expect(problems.at(-1)).toMatchObject({ code: 'more-problems', message: 'found 312 more problems, expected none' });
    expect(summariseExperiment(text).settings).toBe('more than 100 problems');
  });
});
