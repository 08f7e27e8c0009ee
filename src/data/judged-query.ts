import type { Label } from '../vocabulary/label.ts';

/** A product as judged; one object is shared by all judgements of the same product. */
export interface Product {
  /** ASIN; unique within a locale. */
  readonly id: string;
  /** Empty when the data has no title. */
  readonly title: string;
  /** What the model reads: the experiment's `product_fields`, joined by a blank. */
  readonly text: string;
}

export interface Judgement {
  readonly product: Product;
  readonly label: Label;
}

/** One query with its judged products in the data's order, each product once. */
export interface JudgedQuery {
  readonly id: string;
  /** Exactly as in the data, leading blanks included. */
  readonly text: string;
  readonly judgements: readonly Judgement[];
}

export type Split = 'train' | 'dev' | 'test';

/** A data set ready for training: three splits without a query in common. */
export interface JudgedData extends Readonly<Record<Split, readonly JudgedQuery[]>> {
  /** SHA-256 (hex) over the judgements of all splits in a canonical order, independent of the file layout. */
  readonly fingerprint: string;
  /** What was read, in words, for example `official release in /data/esci`. */
  readonly source: string;
  readonly isSynthetic: boolean;
  /** What a person should know: duplicates dropped, null titles, dev split held out. */
  readonly notes: readonly string[];
}
