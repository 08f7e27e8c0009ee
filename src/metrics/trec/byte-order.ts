/**
 * Compares two strings as the bytes of their UTF-8 form, as C's `strcmp` does: negative when a comes first.
 * JavaScript's own order is that of UTF-16 units, which puts U+10000 and above before U+E000…U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** UTF-16 units in the order of UTF-8: surrogates (they stand for U+10000 and above) after everything else. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
