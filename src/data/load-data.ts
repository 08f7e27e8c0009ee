import { stat } from 'node:fs/promises';
import { findDataFiles } from './data-files.ts';
import type { DataFiles } from './data-files.ts';
import { dataProblem, fileProblem, shorten } from './data-problem.ts';
import { fingerprint } from './fingerprint.ts';
import type { JudgedData, JudgedQuery, Split } from './judged-query.ts';
import { createJudgementCollector } from './judgement-collector.ts';
import type { DraftProduct, JudgementCollector } from './judgement-collector.ts';
import type { RowCounts } from './judgement-columns.ts';
import type { DataOptions, LocalSource } from './data-options.ts';
import { collectorNotes, joinNote, splitNotes, textNotes } from './notes.ts';
import type { HowSplit } from './notes.ts';
import { openTable } from './open-table.ts';
import { readJudgementTable } from './read-judgements.ts';
import { readProductTable } from './read-products.ts';
import { SPLITS, holdOutDev, limitQueries } from './split-queries.ts';
import type { Table } from './table.ts';

type Splits = Record<Split, JudgedQuery[]>;

/**
 * Reads judgements from files into three splits without a query in common: finds the layout, filters, joins products, drops
 * duplicates, holds out a dev split when there is none. Texts of products that no kept judgement needs are not decoded.
 * @throws ProblemError with file and row or column: the codes of `DataProblemCode`
 */
export async function loadJudgedData(source: LocalSource, options: DataOptions): Promise<JudgedData> {
  if (options.productFields.length === 0) throw new RangeError('productFields must name at least one column');
  const where = source.name ?? source.paths.join(', ');
  const files = await findDataFiles(source.paths);
  const tracker = await trackProgress(files, options);
  const counts: RowCounts = { nRows: 0, locales: new Map(), nOtherVersion: 0, missingFilters: new Set() };
  const collector = createJudgementCollector();
  await readJudgements(files, collector, { options, counts, tracker });
  refuseNothing(where, collector, counts, options);

  const { counts: collected, ...found } = collector.finish();
  const { splits, ...howSplit } = splitQueries(found, options);
  requireSplits(where, splits, options);
  const products = productsOf(splits, collector);
  const nMissing = files.layout === 'official' ? await readProducts(files.products, products, { options, tracker }) : 0;
  return {
    ...splits,
    fingerprint: fingerprint(splits),
    source: `${files.layout === 'official' ? 'official release' : 'joined files'} in ${where}`,
    isSynthetic: source.isSynthetic ?? false,
    notes: [
      ...collectorNotes(collected, counts),
      ...joinNote(nMissing, products.size),
      ...textNotes(products, options.productFields, nMissing),
      ...splitNotes(howSplit, options),
    ],
  };
}

interface ReadContext {
  readonly options: DataOptions;
  readonly tracker: ProgressTracker;
}

async function readJudgements(
  files: DataFiles,
  collector: JudgementCollector,
  { options, counts, tracker }: ReadContext & { counts: RowCounts },
): Promise<void> {
  const isJoined = files.layout === 'joined';
  const tables = isJoined ? files.files : [{ path: files.examples, split: undefined }];
  const fields = isJoined ? options.productFields : undefined;
  const nRowsOf = new Map<Split | undefined, number>();
  for (const { path, split } of tables) {
    const before = counts.nRows;
    await withTable(path, tracker, (table, onGroup) => {
      return readJudgementTable(table, { split }, collector, { options, fields, counts, onGroup });
    });
    nRowsOf.set(split, (nRowsOf.get(split) ?? 0) + counts.nRows - before);
  }
  for (const { path, split } of tables) {
    if (nRowsOf.get(split) === 0) throw dataProblem('data-empty', path, 'This file has no rows.');
  }
}

/**
 * Fills the texts of `products` and returns how many have no row.
 * @throws ProblemError `data-join` when they are too many
 */
async function readProducts(
  path: string,
  products: ReadonlyMap<string, DraftProduct>,
  { options, tracker }: ReadContext,
): Promise<number> {
  const { locale, productFields: fields } = options;
  const pending = new Map(products);
  await withTable(path, tracker, (table, onGroup) => readProductTable(table, pending, { locale, fields, onGroup }));
  if (pending.size > MAX_MISSING_SHARE * products.size) {
    const example = pending.keys().next().value ?? '';
    throw dataProblem(
      'data-join',
      path,
      `${pending.size} of ${products.size} judged products have no row here for the locale "${locale}", for example ${example}; at most ${100 * MAX_MISSING_SHARE} % may be missing.`,
      'The files of judgements and products may be of different releases, or one is incomplete.',
    );
  }
  return pending.size;
}

/** Above this share of products without a row, the two files do not belong together. */
const MAX_MISSING_SHARE = 0.05;

async function withTable(
  path: string,
  tracker: ProgressTracker,
  read: (table: Table, onGroup: (progress: number) => void) => Promise<void>,
): Promise<void> {
  const onGroup = tracker(path);
  const table = await openTable(path);
  try {
    await read(table, onGroup);
  } finally {
    await table.close();
  }
  // Reading may stop early, or end with bytes that hold no row.
  onGroup(1);
}

/** Dev as the data has it, else held out from train; then the limit. */
function splitQueries(found: Splits, { devQueries, maxQueries, seed }: DataOptions): HowSplit & { splits: Splits } {
  const hasDev = found.dev.length > 0;
  const { drawn: dev, rest: train } = hasDev
    ? { drawn: found.dev, rest: found.train }
    : holdOutDev(found.train, devQueries, seed);
  const limit = (queries: readonly JudgedQuery[]) => limitQueries(queries, maxQueries, seed);
  const splits = { train: limit(train), dev: limit(dev), test: limit(found.test) };
  const isLimited = SPLITS.some((split) => splits[split].length < { train, dev, test: found.test }[split].length);
  return { splits, nTrain: found.train.length, nHeldOut: hasDev ? 0 : dev.length, isLimited };
}

/** The different products of all splits, by id. */
function productsOf(splits: Splits, collector: JudgementCollector): Map<string, DraftProduct> {
  const products = new Map<string, DraftProduct>();
  for (const split of SPLITS) {
    for (const { judgements } of splits[split]) {
      for (const { product } of judgements) products.set(product.id, collector.products.get(product.id)!);
    }
  }
  return products;
}

/** Locales that a message names. */
const MAX_LOCALES = 12;

function refuseNothing(where: string, collector: JudgementCollector, counts: RowCounts, options: DataOptions): void {
  if (collector.nQueries > 0) return;
  const { locale, version } = options;
  const locales = [...counts.locales].sort((a, b) => b[1] - a[1]).slice(0, MAX_LOCALES);
  const found =
    locales.map(([name, n]) => `"${shorten(name)}" (${n})`).join(', ') +
    (counts.locales.size > MAX_LOCALES ? ', …' : '');
  const message =
    counts.locales.has(locale) || counts.locales.size === 0
      ? `None of the ${counts.nRows} judgements is of the ${version} version.`
      : `None of the ${counts.nRows} judgements is of the locale "${locale}"; found ${found}.`;
  throw dataProblem('data-empty', where, message, 'Change data.locale or data.version in the experiment.');
}

function requireSplits(where: string, splits: Splits, { require = SPLITS }: DataOptions): void {
  const found = SPLITS.map((split) => `${splits[split].length} ${split}`).join(', ');
  for (const split of require) {
    if (splits[split].length > 0) continue;
    throw dataProblem('data-empty', where, `There are no ${split} queries; found ${found}.`, EMPTY_SPLIT[split]);
  }
}

/** What to do about a split without queries. */
const EMPTY_SPLIT: Readonly<Record<Split, string>> = {
  train: 'Training needs a train split.',
  dev: 'Training needs a dev split: add one to the data, or set data.dev_queries so that one is held out from train.',
  test: 'Evaluation needs a test split.',
};

type ProgressTracker = (path: string) => (progress: number) => void;

/** Turns shares of single files into bytes of all files; also the place where an abort takes effect. */
async function trackProgress(files: DataFiles, { onProgress, signal }: DataOptions): Promise<ProgressTracker> {
  const paths = files.layout === 'joined' ? files.files.map(({ path }) => path) : [files.examples, files.products];
  const spans = new Map<string, { start: number; size: number }>();
  let total = 0;
  for (const path of paths) {
    const { size } = await stat(path).catch((error: unknown) => {
      throw fileProblem(path, error);
    });
    spans.set(path, { start: total, size });
    total += size;
  }
  signal?.throwIfAborted();
  return (path) => {
    const { start, size } = spans.get(path)!;
    return (progress) => {
      signal?.throwIfAborted();
      onProgress?.(Math.round(start + progress * size), total);
    };
  };
}
