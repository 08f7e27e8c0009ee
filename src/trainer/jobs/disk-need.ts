/** Checkpoints that are kept: the newest and the best, or, where these are one, the one before it. */
const N_KEPT = 2;

/**
 * Bytes that a training's run folder holds at its peak. A checkpoint holds the parameters and two moments of those that train; one more is
 * written before older ones go. At the end the model stands beside them twice, for PyTorch and as ONNX.
 */
export function diskNeed(nParameters: number, nTrained: number, nEvaluations: number): number {
  const checkpoint = 4 * (nParameters + 2 * nTrained);
  const model = 2 * 4 * nParameters;
  const whileTraining = Math.min(nEvaluations, N_KEPT + 1) * checkpoint;
  return Math.max(whileTraining, Math.min(nEvaluations, N_KEPT) * checkpoint + model);
}
