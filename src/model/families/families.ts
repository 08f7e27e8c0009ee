import { bert } from './bert.ts';
import { distilbert } from './distilbert.ts';
import type { Family } from './family.ts';
import { roberta } from './roberta.ts';

/** The one table of encoder families. */
export const FAMILIES = { bert, roberta, distilbert } as const satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;

/** `model_type` of config.json → its family. */
export const FAMILY_OF: ReadonlyMap<string, FamilyName> = new Map(
  Object.entries(FAMILIES).flatMap(([name, { modelTypes }]) =>
    modelTypes.map((type) => [type, name as FamilyName] as const),
  ),
);
