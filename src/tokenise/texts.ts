import type { PairTokens, TokenSequence } from './tokeniser.ts';

/** What one sequence is made of: a text, or a query and a product that are read together. */
export type Texts = readonly [string] | readonly [string, string];

/** The sequence of a text or a pair, at most `maxLength` tokens. */
export function sequenceOf(tokens: PairTokens, [text, product]: Texts, maxLength: number): TokenSequence {
  return product === undefined ? tokens.single(text, maxLength) : tokens.pair(text, product, maxLength);
}

/** Tokens of that sequence. */
export function lengthOf(tokens: PairTokens, [text, product]: Texts, maxLength: number): number {
  return product === undefined ? tokens.length(text, maxLength) : tokens.pairLength(text, product, maxLength);
}
