import { counted } from '../vocabulary/words/number.ts';
import type { DraftProduct, CollectorCounts } from './judgement-collector.ts';
import type { RowCounts } from './judgement-columns.ts';
import type { DataOptions } from './data-options.ts';

/** A note when there is something to say. */
function noteIf(n: number, note: () => string): string[] {
  return n > 0 ? [note()] : [];
}

/** What was put right or left out while judgements were gathered. */
export function collectorNotes(counts: CollectorCounts, { missingFilters }: RowCounts): string[] {
  const { nDuplicates, nConflicts, nOtherTexts, nLeaks } = counts;
  return [
    ...[...missingFilters].map((column) => `The data has no column "${column}", so nothing was left out by it.`),
    ...noteIf(nDuplicates, () => `Repeated judgements (same query, product and label), dropped: ${nDuplicates}.`),
    ...noteIf(
      nConflicts,
      () => `Contradicting judgements (same query and product, another label), first kept: ${nConflicts}.`,
    ),
    ...noteIf(
      nOtherTexts,
      () => `Judgements with another text for the same query id, first text kept: ${nOtherTexts}.`,
    ),
    ...noteIf(nLeaks.train, () => `Train queries that dev or test have too, dropped from train: ${nLeaks.train}.`),
    ...noteIf(nLeaks.dev, () => `Dev queries that test has too, dropped from dev: ${nLeaks.dev}.`),
  ];
}

/** Products that no row describes. */
export function joinNote(nMissing: number, nProducts: number): string[] {
  return noteIf(
    nMissing,
    () => `Products without a row in the products file: ${nMissing} of ${nProducts}; their text is empty.`,
  );
}

/** Products without a title or without any text for the model, apart from the `nMissing` that have no row at all. */
export function textNotes(
  products: ReadonlyMap<string, DraftProduct>,
  fields: readonly string[],
  nMissing: number,
): string[] {
  let nUntitled = -nMissing;
  let nEmpty = -nMissing;
  for (const { title, text } of products.values()) {
    if (title === '') nUntitled++;
    if (text === '') nEmpty++;
  }
  const isTitleAlone = fields.length === 1 && fields[0] === 'product_title';
  return [
    ...noteIf(
      nUntitled,
      () => `Products without a title: ${nUntitled} of ${products.size}; it reads as an empty text.`,
    ),
    ...noteIf(
      isTitleAlone ? 0 : nEmpty,
      () => `Products without any text in ${fields.join(', ')}: ${nEmpty} of ${products.size}.`,
    ),
  ];
}

/** How the splits came about when it was not the data alone. */
export interface HowSplit {
  /** Train queries before any was held out. */
  readonly nTrain: number;
  readonly nHeldOut: number;
  /** Whether `maxQueries` left queries out. */
  readonly isLimited: boolean;
}

/** What was held out and left out. */
export function splitNotes({ nTrain, nHeldOut, isLimited }: HowSplit, { maxQueries, seed }: DataOptions): string[] {
  return [
    ...noteIf(
      nHeldOut,
      () =>
        `No dev split in the data: ${nHeldOut} of ${counted(nTrain, 'train query', 'train queries')} held out as dev (seed ${seed}).`,
    ),
    ...noteIf(
      isLimited ? 1 : 0,
      () => `At most ${counted(maxQueries ?? 0, 'query', 'queries')} of each split used (seed ${seed}).`,
    ),
  ];
}
