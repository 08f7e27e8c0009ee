import { describe, expect, it } from 'vitest';
import { diskNeed } from '../../../src/trainer/disk-need.ts';

/** In copies of a model of one parameter. */
const copies = (nTrained: number, nEvaluations: number): [number, number] => {
  const { least, most } = diskNeed(1, nTrained, nEvaluations);
  return [least / 4, most / 4];
};

describe('what a training needs on disk', () => {
  it('is two or three checkpoints of three copies each, by whether the best is kept beside the newest', () => {
    expect(copies(1, 10)).toEqual([6, 9]);
  });

  it('is less while there are fewer evaluations than checkpoints to keep', () => {
    expect(copies(1, 1)).toEqual([5, 5]);
    expect(copies(1, 2)).toEqual([6, 8]);
  });

  it('has no moments of frozen parameters; then the saved model decides', () => {
    expect(copies(0, 10)).toEqual([3, 4]);
  });
});
