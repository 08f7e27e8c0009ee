/** A probability under the null hypothesis: three decimals, and never 0: `p = 0.042`, `p < 0.001`. */
export function pValueText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}
