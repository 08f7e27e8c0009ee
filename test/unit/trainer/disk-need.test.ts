import { describe, expect, it } from 'vitest';
import { diskNeed } from '../../../src/trainer/jobs/disk-need.ts';

/** In copies of a model of one parameter. */
const copies = (nTrained: number, nEvaluations: number): number => diskNeed(1, nTrained, nEvaluations) / 4;

describe('what a training needs on disk', () => {
  it('is three checkpoints of three copies each, one of them being written', () => {
    expect(copies(1, 10)).toBe(9);
  });

  it('is less while there are fewer evaluations than checkpoints to keep', () => {
    expect(copies(1, 1)).toBe(5);
    expect(copies(1, 2)).toBe(8);
  });

  it('has no moments of frozen parameters; then the saved model decides', () => {
    expect(copies(0, 10)).toBe(4);
  });
});
