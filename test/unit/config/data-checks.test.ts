import { describe, expect, it } from 'vitest';
import { dataWarnings } from '../../../src/config/check/data-checks.ts';
import { NO_FACTS_FROM_RUNS } from '../../../src/config/check/run-facts.ts';
import { parseExperiment, readExperiment } from '../../../src/config/check/parse-experiment.ts';

const size = { nQueries: 20, nJudgements: 320 };

function textOf(hyperparameters: string, type = 'cross-encoder'): string {
  return `model: { name: a/b, type: ${type} }\ndata: { uri: c/d }\nhyperparameters: { ${hyperparameters} }\n`;
}

function messagesOf(hyperparameters: string, type?: string): string[] {
  return dataWarnings(readExperiment(textOf(hyperparameters, type), 'x.yml'), size).map(({ message }) => message);
}

describe('an experiment against the size of its data', () => {
  it('is told when an epoch is a single step, and not at the largest batch that is none', () => {
    expect(messagesOf('batch_size: 319')).toEqual([]);
    expect(messagesOf('batch_size: 320')).toEqual([
      'hyperparameters.batch_size: found 320, expected fewer than the 320 training pairs: each epoch is a single step',
    ]);
    expect(messagesOf('batch_size: 64, gradient_accumulation_steps: 6')[0]).toContain('64 × 6 accumulated batches');
  });

  it('is told when multiple-negatives has fewer queries than a batch has places', () => {
    expect(messagesOf('batch_size: 20, loss_function: multiple-negatives', 'bi-encoder')).toEqual([]);
    expect(messagesOf('batch_size: 32, loss_function: multiple-negatives', 'bi-encoder')[0]).toMatch(
      /found 32, expected at most 20: multiple-negatives takes each of the 20 training queries once a batch/,
    );
    expect(messagesOf('batch_size: 32, loss_function: cosine-MSE', 'bi-encoder')).toEqual([]);
  });

  it('is told when dev is evaluated at the end alone', () => {
    // 3 epochs of 5 steps.
    expect(messagesOf('batch_size: 64, eval_steps: 14')).toEqual([]);
    expect(messagesOf('batch_size: 64, eval_steps: 15')[0]).toMatch(/found 15, expected fewer than the 15 steps/);
  });

  it('is checked at its place in the text where the size is known', () => {
    const text = textOf('batch_size: 500');
    const known = (uri: string) =>
      parseExperiment(text, 'x.yml', {
        ...NO_FACTS_FROM_RUNS,
        sizeOf: (data) => (data.uri === uri ? size : undefined),
      });
    expect(known('other/data').problems).toEqual([]);
    const [problem] = known('c/d').problems;
    expect(problem).toMatchObject({ severity: 'warning', code: 'unusual', path: 'hyperparameters.batch_size' });
    expect(text.slice(problem!.start, problem!.end)).toBe('500');
  });
});
