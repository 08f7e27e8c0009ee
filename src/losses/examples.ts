import type { Label } from '../vocabulary/label.ts';

/** Each judged product is an example of its own. */
export function everyPair(labels: readonly Label[]): readonly (readonly number[])[] {
  return labels.map((_, i) => [i]);
}

/** Each Exact product is an example of its own; what is not Exact is not seen. */
export function exactPairs(labels: readonly Label[]): readonly (readonly number[])[] {
  return labels.flatMap((label, i) => (label === 'E' ? [[i]] : []));
}
