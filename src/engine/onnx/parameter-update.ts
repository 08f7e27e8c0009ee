import type { ParameterSet } from '../../model/parameter-set.ts';
import type { ParameterSpec } from '../../model/parts/parameter-spec.ts';
import type { Moments, Update } from './adamw.ts';
import type { Gradient } from './gradient-step.ts';
import type { Optimizer } from './optimizers.ts';

/** How parameters are updated, the same for all steps. */
export interface UpdateOptions {
  readonly optimizer: Optimizer;
  readonly weightDecay: number;
  /** Which parameters weight decay acts on. */
  readonly hasDecay: (spec: ParameterSpec) => boolean;
}

interface Trained extends Gradient {
  readonly parameter: Float32Array;
  readonly moments: Moments;
  /** Rows that ever had a moment; the others need the decay alone. */
  readonly everTouched: Uint8Array | null;
}

/** The optimiser's state for the trained parameters, which it updates in place. */
export class ParameterUpdate {
  readonly #trained: readonly Trained[];
  readonly #options: UpdateOptions;

  constructor(parameters: ParameterSet, gradients: ReadonlyMap<string, Gradient>, options: UpdateOptions) {
    this.#options = options;
    this.#trained = Array.from(gradients.values(), (gradient) => {
      const zeros = (): Float32Array => new Float32Array(gradient.values.length);
      return {
        ...gradient,
        parameter: parameters.get(gradient.spec.name)!.data,
        moments: { m: zeros(), v: zeros() },
        everTouched: gradient.touched === null ? null : new Uint8Array(gradient.touched.length),
      };
    });
  }

  /** By parameter, to be read and overwritten in place; call `restored` after that. */
  get moments(): ReadonlyMap<string, Moments> {
    return new Map(this.#trained.map(({ spec, moments }) => [spec.name, moments]));
  }

  get nTrained(): number {
    return this.#trained.reduce((sum, { values }) => sum + values.length, 0);
  }

  /** Tells that the moments were overwritten. */
  restored(): void {
    for (const { spec, moments, everTouched } of this.#trained) {
      if (everTouched === null) continue;
      const width = spec.shape[1]!;
      const isZero = (values: Float32Array, row: number): boolean =>
        values.subarray(row * width, (row + 1) * width).every((value) => value === 0);
      for (let row = 0; row < everTouched.length; row++) {
        everTouched[row] = isZero(moments.v, row) && isZero(moments.m, row) ? 0 : 1;
      }
    }
  }

  /** L2 norm over all gradients; the parameter nearest to the loss whose gradient is not finite, or null. */
  norm(): { readonly norm: number; readonly culprit: string | null } {
    let total = 0;
    let culprit: string | null = null;
    for (const { spec, values, touched } of this.#trained) {
      const sum = touched === null ? sumOfSquares(values) : sumOfTouchedRows(values, touched, spec.shape[1]!);
      if (!Number.isFinite(sum)) culprit = spec.name;
      total += sum;
    }
    return { norm: Math.sqrt(total), culprit };
  }

  /**
   * One update by the gradients, clipped to `maxNorm` (null: not clipped) as torch's `clip_grad_norm_` does.
   *
   * @param t 1 for the first update of the run
   */
  apply({ lr, t, maxNorm, norm }: { lr: number; t: number; maxNorm: number | null; norm: number }): void {
    const { optimizer, weightDecay, hasDecay } = this.#options;
    const gradientScale = maxNorm === null ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    for (const trained of this.#trained) {
      const options = { ...optimizer.defaults, weightDecay };
      const update: Update = { options, lr, t, gradientScale, hasDecay: hasDecay(trained.spec) };
      if (trained.everTouched === null) {
        optimizer.update(trained.parameter, trained.values, trained.moments, update);
      } else {
        this.#updateRows(trained, trained.everTouched, update);
      }
    }
  }

  /** A row that never occurred has zero gradient and moments. */
  #updateRows({ spec, parameter, values, moments, touched }: Trained, everTouched: Uint8Array, update: Update): void {
    const { optimizer } = this.#options;
    const width = spec.shape[1]!;
    for (let row = 0; row < everTouched.length; row++) {
      const [from, to] = [row * width, (row + 1) * width];
      if (touched![row] === 1) everTouched[row] = 1;
      if (everTouched[row] === 0) optimizer.updateUntouched(parameter, update, from, to);
      else optimizer.update(parameter, values, moments, update, from, to);
    }
  }
}

function sumOfTouchedRows(values: Float32Array, touched: Uint8Array, width: number): number {
  let sum = 0;
  touched.forEach((isTouched, row) => {
    if (isTouched === 1) sum += sumOfSquares(values.subarray(row * width, (row + 1) * width));
  });
  return sum;
}

/** In four interleaved sums, because each addition waits for the one before it. */
function sumOfSquares(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}
