/** Parts of a whole in per cent. */

/** How much is done, 0…1, in whole per cent: `37 %`; 100 only when it is all. */
export function percentText(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}

/** A part of a total with one decimal: `12.5 %`; of nothing it is none. */
export function partText(part: number, total: number): string {
  return `${(total === 0 ? 0 : (100 * part) / total).toFixed(1)} %`;
}
