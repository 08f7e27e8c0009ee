/**
 * What is asked of a tokenizer.json about the texts that it makes of a text: a normaliser that writes a page for each blank makes
 * megabytes of a line.
 */
import { shown, type Json } from '../files/json-file.ts';

/** Times as long as it was that a text may become; published normalisers put one character in the place of another. */
const MOST_GROWTH = 64;
/** What `Replace`, `Prepend` and `Metaspace` write. */
const WRITTEN = ['content', 'prepend', 'replacement'];

/**
 * Checks what normalisers and pre-tokenisers write into a text, all one after the other.
 * @throws Error in words for a person, with the field
 */
export function requireModestGrowth({ normalizer, pre_tokenizer: preTokenizer }: Json): void {
  let growth = 1;
  const left: unknown[] = [normalizer, preTokenizer];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, value] of Object.entries(next)) {
      left.push(value);
      if (typeof value !== 'string' || !WRITTEN.includes(key)) continue;
      growth *= Math.max(1, value.length);
      if (growth <= MOST_GROWTH) continue;
      const what = `"${key}" of a normalizer or pre_tokenizer is ${shown(value)}`;
      throw new Error(`${what}, with which texts could become more than ${MOST_GROWTH} times as long`);
    }
  }
}
