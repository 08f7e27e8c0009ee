/** How a model ranks: it reads query and product together, or embeds each alone. */
export const MODEL_TYPES = ['cross-encoder', 'bi-encoder'] as const;
export type ModelType = (typeof MODEL_TYPES)[number];
