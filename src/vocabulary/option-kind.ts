/** The kinds of options that an experiment has; its form has a kind of field for each. */
export const OPTION_KINDS = ['text', 'choice', 'number', 'flag', 'texts'] as const;
export type OptionKind = (typeof OPTION_KINDS)[number];
