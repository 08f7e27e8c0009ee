import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { applyEdit } from '../../../src/config/edit/text-edit.ts';

const HEAD = 'model: {name: a/b}\ndata: {uri: c/d}\n';

describe('quick fixes', () => {
  it.each([
    ['did you mean: a key', 'hyperparameters:\n  lr: 1e-5\n', 'hyperparameters:\n  learning_rate: 1e-5\n'],
    ['did you mean: a value', 'device: gpu\n', 'device: webgpu\n'],
    [
      'add missing: the value of a key',
      'hyperparameters:\n  batch_size: # how many\n',
      'hyperparameters:\n  batch_size: 64 # how many\n',
    ],
    [
      'add missing: the value of a list',
      'evaluation: {metrics: null}\n',
      'evaluation: {metrics: [esci_ndcg, mrr@10, ndcg@10, p@10, r@10]}\n',
    ],
    [
      'add missing: a key of an item',
      'training_blocks:\n  - training: false # not yet\n',
      'training_blocks:\n  - training: false # not yet\n    block_name: encoder\n',
    ],
    ['convert type: a number in quotes', 'hyperparameters: {seed: "1"}\n', 'hyperparameters: {seed: 1}\n'],
    ['convert type: a bit to a flag', 'keep_optimizer_state: 1\n', 'keep_optimizer_state: true\n'],
    [
      'convert type: names to a list',
      'evaluation:\n  metrics: mrr@10, trec:map\n',
      'evaluation:\n  metrics: [mrr@10, trec:map]\n',
    ],
    [
      'convert type: names in quotes to a list',
      'data2: 1\nevaluation: {metrics: "mrr@10, p@10"}\n',
      'data2: 1\nevaluation: {metrics: [mrr@10, p@10]}\n',
    ],
    ['convert type: digits to a text', 'evaluation: {baseline: 2025}\n', 'evaluation: {baseline: "2025"}\n'],
  ])('%s', (_name, before, after) => {
    const text = HEAD + before;
    const fixes = parseExperiment(text, 'x.yml').problems.flatMap(({ fix }) => fix ?? []);
    expect(fixes.map((fix) => applyEdit(text, fix))).toEqual([HEAD + after]);
  });

  it('adds a missing section with what it needs', () => {
    const { problems } = parseExperiment('model: {name: a}\n', 'x.yml');
    const after = problems.flatMap(({ fix }) => (fix === undefined ? [] : applyEdit('model: {name: a}\n', fix)));
    expect(after).toEqual(['model: {name: a}\ndata:\n  uri: alvations/esci-data-task1\n']);
  });

  it('mends a misspelt key before it gives it a value', () => {
    const { problems } = parseExperiment(`${HEAD}hyperparameters:\n  bach_size:\n`, 'x.yml');
    expect(problems.flatMap(({ fix }) => fix?.title ?? [])).toEqual(['Change to batch_size']);
  });
});
