import { describe, expect, it } from 'vitest';
import { NO_FACTS_FROM_RUNS } from '../../../src/config/check/run-facts.ts';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';

const textOf = (baseline: string): string =>
  `model: { name: a/b }\ndata: { uri: c/d }\nevaluation:\n  baseline: ${baseline}\n`;

describe('a baseline', () => {
  const known = {
    ...NO_FACTS_FROM_RUNS,
    wrongBaseline: (name: string) =>
      name === 'good' ? undefined : { found: `no run "${name}"`, expected: 'one', suggestion: 'go: od' },
  };

  it('that runs know to be none is a warning at its value, with a fix that reads as what was meant', () => {
    const text = textOf('godo');
    const [problem] = parseExperiment(text, 'x.yml', known).problems;
    expect(problem).toMatchObject({
      severity: 'warning',
      message: 'evaluation.baseline: found no run "godo", expected one; did you mean go: od?',
    });
    expect(text.slice(problem!.start, problem!.end)).toBe('godo');
    const { start, end, text: fixed } = problem!.fix!;
    const parsed = parseExperiment(text.slice(0, start) + fixed + text.slice(end), 'x.yml');
    expect('experiment' in parsed && parsed.experiment.evaluation.baseline).toBe('go: od');
  });

  it('is accepted where it is one, is not named, or nothing is known', () => {
    for (const text of [textOf('good'), textOf('null')]) {
      expect(parseExperiment(text, 'x.yml', known).problems).toEqual([]);
    }
    expect(parseExperiment(textOf('godo'), 'x.yml').problems).toEqual([]);
  });
});
