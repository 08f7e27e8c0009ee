/** ESCI relevance labels: Exact, Substitute, Complement, Irrelevant (Reddy et al. 2022, arXiv:2206.06588). */
export const LABELS = ['E', 'S', 'C', 'I'] as const;
export type Label = (typeof LABELS)[number];

/** The labels in words. */
export const LABEL_WORDS = {
  E: 'Exact',
  S: 'Substitute',
  C: 'Complement',
  I: 'Irrelevant',
} as const satisfies Readonly<Record<Label, string>>;

/** Gain of each label. */
export type Gains = Readonly<Record<Label, number>>;

/** Gains of the ESCI paper's nDCG, also the regression targets of the original pipeline. */
export const ESCI_GAINS: Gains = { E: 1, S: 0.1, C: 0.01, I: 0 };
