/** Bytes that a run's folder holds at its peak. */
export interface DiskNeed {
  /** Each evaluation is the best so far, so that a single checkpoint is kept. */
  readonly least: number;
  /** The best checkpoint is an older one and is kept beside the newest. */
  readonly most: number;
}

/**
 * What a training needs on disk. A checkpoint holds the parameters and two moments of those that train; one more is written before
 * older ones go. At the end the model stands beside them twice, for PyTorch and as ONNX.
 */
export function diskNeed(nParameters: number, nTrained: number, nEvaluations: number): DiskNeed {
  const checkpoint = 4 * (nParameters + 2 * nTrained);
  const model = 2 * 4 * nParameters;
  const peak = (nKept: number): number =>
    Math.max(Math.min(nEvaluations, nKept + 1) * checkpoint, Math.min(nEvaluations, nKept) * checkpoint + model);
  return { least: peak(1), most: peak(2) };
}
