import type { PanelLabel } from '../../src/protocol/panels/queries.ts';

/** The labels in words. */
export const LABEL_WORDS = {
  E: 'Exact',
  S: 'Substitute',
  C: 'Complement',
  I: 'Irrelevant',
} as const satisfies Readonly<Record<PanelLabel, string>>;
