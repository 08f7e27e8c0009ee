/** What `config.json` says of an encoder, in one vocabulary for all families. */
export interface Architecture {
  readonly vocabSize: number;
  readonly hidden: number;
  readonly nLayers: number;
  readonly nHeads: number;
  readonly intermediate: number;
  /** Rows of the position table. */
  readonly maxPositions: number;
  /** Position id of a sequence's first token: RoBERTa starts after its padding id. */
  readonly firstPosition: number;
  /** Rows of the token type table; 0 where the family has none. */
  readonly nTokenTypes: number;
  readonly layerNormEpsilon: number;
  /** Dropout probability after embeddings, attention output and feed-forward. */
  readonly hiddenDropout: number;
  /** Dropout probability of attention weights. */
  readonly attentionDropout: number;
  /** Dropout probability before the classifier. */
  readonly classifierDropout: number;
}
