/** A text as the filter compares it: in lower case, without what joins words, so that `warm-up` finds `warmup_ratio`. */
export function folded(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '');
}
