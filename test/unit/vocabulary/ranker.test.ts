import { describe, expect, it } from 'vitest';
import { baseOf, modelOf, rankerLabel } from '../../../src/vocabulary/ranker.ts';

describe('a run’s differences', () => {
  it.each([
    [['pretrained', 'baseline', 'fine-tuned'], 'fine-tuned', 'baseline'],
    [['pretrained', 'fine-tuned'], 'fine-tuned', 'pretrained'],
    [['bm25', 'pretrained', 'baseline'], 'pretrained', 'baseline'],
    [['random', 'bm25', 'pretrained'], 'pretrained', undefined],
  ])('among %j are of %s against %s', (rankers, model, base) => {
    expect([modelOf(rankers), baseOf(rankers)]).toEqual([model, base]);
  });

  it('name a ranker as tables do, one from a file by its own name', () => {
    expect(['bm25', 'fine-tuned', 'mine'].map(rankerLabel)).toEqual(['BM25', 'fine-tuned', 'mine']);
  });
});
