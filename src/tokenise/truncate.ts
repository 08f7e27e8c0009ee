/**
 * Tokens that remain of two texts under the strategy `longest_first`, special tokens not counted: the longer text is cut
 * down to the shorter's length, then both to halves, the odd token to the text that was longer (to the second one if equal).
 * Source: `truncate_encodings` of the tokenizers crate (src/utils/truncation.rs).
 */
export function longestFirst(nFirst: number, nSecond: number, maxTokens: number): readonly [number, number] {
  if (nFirst + nSecond <= maxTokens) return [nFirst, nSecond];
  const shorter = Math.min(nFirst, nSecond);
  const half = Math.floor(maxTokens / 2);
  const [less, more] = shorter <= half ? [shorter, maxTokens - shorter] : [half, maxTokens - half];
  return nFirst > nSecond ? [more, less] : [less, more];
}
