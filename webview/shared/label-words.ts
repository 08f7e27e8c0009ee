import type { Label } from '../../src/vocabulary/label.ts';

/** The labels in words. */
export const LABEL_WORDS = {
  E: 'Exact',
  S: 'Substitute',
  C: 'Complement',
  I: 'Irrelevant',
} as const satisfies Readonly<Record<Label, string>>;
