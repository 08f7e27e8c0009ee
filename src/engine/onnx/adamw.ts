/** Hyperparameters of AdamW (Loshchilov & Hutter 2019), as in torch.optim.AdamW. */
export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export const ADAMW_DEFAULTS: AdamWOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** First and second moment of one parameter, of its length. */
export interface Moments {
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/** What one update of a parameter takes besides the parameter, its gradient and its moments. */
export interface Update {
  readonly options: AdamWOptions;
  /** Learning rate of this step. */
  readonly lr: number;
  /** 1 for the first update; for the bias correction. */
  readonly t: number;
  /** Factor on the gradient, from clipping. */
  readonly gradientScale: number;
  /** Weight decay applies to matrices, not to biases and LayerNorm. */
  readonly hasDecay: boolean;
}

/** Updates elements `from`…`to` of a parameter and its moments in place. */
export function adamwUpdate(
  parameter: Float32Array,
  gradient: Float32Array,
  { m, v }: Moments,
  update: Update,
  from = 0,
  to = parameter.length,
): void {
  const { options, lr, t, gradientScale, hasDecay } = update;
  const { beta1, beta2, epsilon, weightDecay } = options;
  const keep = hasDecay ? 1 - lr * weightDecay : 1;
  const weight1 = (1 - beta1) * gradientScale;
  const weight2 = (1 - beta2) * gradientScale * gradientScale;
  // (lr/(1 − β₁ᵗ))·m / (√(v/(1 − β₂ᵗ)) + ε), with √(1 − β₂ᵗ) taken out of the root and into both sides of the fraction.
  const root = Math.sqrt(1 - beta2 ** t);
  const stepSize = (lr / (1 - beta1 ** t)) * root;
  const scaledEpsilon = epsilon * root;
  for (let i = from; i < to; i++) {
    const g = gradient[i]!;
    const mean = beta1 * m[i]! + weight1 * g;
    const square = beta2 * v[i]! + weight2 * g * g;
    m[i] = mean;
    v[i] = square;
    parameter[i] = parameter[i]! * keep - (stepSize * mean) / (Math.sqrt(square) + scaledEpsilon);
  }
}

/** Multiplies elements by the decay of one step: what an update does where gradient and moments are zero. */
export function decayOnly(parameter: Float32Array, update: Update, from: number, to: number): void {
  if (!update.hasDecay || update.options.weightDecay === 0) return;
  const keep = 1 - update.lr * update.options.weightDecay;
  for (let i = from; i < to; i++) parameter[i] = parameter[i]! * keep;
}
