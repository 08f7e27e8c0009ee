import type { Label } from '../vocabulary/label.ts';

/** One query with its judged products and a ranker's scores, all three arrays in the data's order. */
export interface ScoredQuery {
  readonly id: string;
  /** Exactly as in the data: the pipeline's metrics group queries by it. */
  readonly text: string;
  readonly labels: readonly Label[];
  readonly productIds: readonly string[];
  /** Higher is better. */
  readonly scores: Float32Array | readonly number[];
}
