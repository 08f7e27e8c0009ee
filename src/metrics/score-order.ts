/**
 * Indices of the scores from the highest to the lowest; equal scores keep their input order.
 * A NaN counts as the lowest score, so that a broken model cannot look good.
 */
export function orderByScore(scores: ArrayLike<number>): number[] {
  const order = Array.from({ length: scores.length }, (_, index) => index);
  const key = (index: number) => (Number.isNaN(scores[index]) ? -Infinity : scores[index]!);
  // Two infinities are equal although their difference is NaN, hence `||`.
  return order.sort((a, b) => key(b) - key(a) || 0);
}
