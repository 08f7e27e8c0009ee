/** What the generator knows of a product type and of the types around it. */

/** Something a product has or has not, as sellers write it. */
export interface Feature {
  /** As a shopper asks for it: `with NAME`, `without NAME`. */
  readonly name: string;
  readonly present: readonly string[];
  /** Written by some sellers when it is missing. */
  readonly absent: readonly string[];
}

/** A product type: its names and the facets in which its products differ. */
export interface Kind {
  /** Names in titles. */
  readonly sells: readonly string[];
  /** Names in queries; some of them are in no title. */
  readonly asks: readonly string[];
  readonly colours?: 'home' | 'wear' | 'gear';
  readonly materials?: readonly string[];
  /** `<number> <unit>` or a word such as `Queen`. */
  readonly sizes?: readonly string[];
  /** Pieces in a pack. */
  readonly counts?: readonly number[];
  /** A plain name N is written `with N` and, when missing, `No N`. */
  readonly features?: readonly (string | Feature)[];
  /** Devices or vehicles; a product fits one of them. */
  readonly fits?: readonly string[];
  /** How an accessory's title leads over to what it goes with; `for`, `Compatible with` and the like when absent. */
  readonly pairing?: readonly string[];
}

/** A product type among those that a shopper meets beside it. */
export interface Family {
  readonly main: Kind;
  /** Used together with `main` (ESCI's Complement), often with its name in the title. */
  readonly accessory: Kind;
  /** Does about the same job (ESCI's Substitute). */
  readonly substitute: Kind;
  /** Shares a word and nothing else (ESCI's Irrelevant). */
  readonly lookalike: Kind;
}

/** All product types of a family. */
export const ROLES = ['main', 'accessory', 'substitute', 'lookalike'] as const;
export type Role = (typeof ROLES)[number];
