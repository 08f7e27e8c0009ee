import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { ProblemError } from '../vocabulary/problem.ts';
import { SPLIT_NAMES } from './cells.ts';
import { dataProblem, fileProblem, quotedList } from './data-problem.ts';
import type { Split } from './judged-query.ts';
import { DATA_ENDINGS, dataEnding } from './open-table.ts';

/** A file of judgements; without a split of its own, its rows carry a `split` column. */
export interface SplitFile {
  readonly path: string;
  readonly split: Split | undefined;
}

/** The files of a data set. */
export type DataFiles =
  /** Every row has the query, the product's texts and the label. */
  | { readonly layout: 'joined'; readonly files: readonly SplitFile[] }
  /** The release of the Shopping Queries Dataset: judgements and products apart. */
  | { readonly layout: 'official'; readonly examples: string; readonly products: string };

/** Folders below the given one that are searched: enough for `data/`, `official/` and `default/train/`. */
const MAX_DEPTH = 3;
/** Files and folders that are looked at. */
const MAX_ENTRIES = 10_000;

const EXPECTED =
  'Expected train, dev and test files (data/train-00000-of-00001.parquet, train.csv, test.jsonl, …), one file with a "split" column, or shopping_queries_dataset_examples.parquet with shopping_queries_dataset_products.parquet.';

/**
 * Finds the data set that a folder holds, or that the given files are.
 * @throws ProblemError `data-not-found`, `data-unreadable`, `data-layout` (none, several, or an incomplete one)
 */
export async function findDataFiles(paths: readonly string[]): Promise<DataFiles> {
  const lists: string[][] = [];
  let isFolder = false;
  for (const path of paths) {
    const info = await stat(path).catch((error: unknown) => {
      throw fileProblem(path, error);
    });
    if (info.isDirectory()) {
      isFolder = true;
      lists.push(await listFiles(path));
    } else {
      lists.push([path]);
    }
  }
  const found = lists.flat();
  const where = paths.join(', ');
  if (!isFolder) return filesOf(found, where);
  const dataFiles = found.filter((path) => dataEnding(path) !== undefined).sort(compareText);
  const roots = groupBy(dataFiles, rootOf);
  // A folder's other files (a table of sources, a readme as csv) do not count beside named ones.
  const named = [...roots].filter(([, files]) =>
    files.some((path) => isExamples(path) || isProducts(path) || splitOf(path)),
  );
  const candidates = named.length > 0 ? named : [...roots];
  if (candidates.length > 1) {
    const message = `There are several data sets here: ${quotedList(candidates.map(([root]) => relative(where, root) || '.'))}.`;
    throw dataProblem('data-layout', where, message, 'Name the folder of one of them.');
  }
  const files = candidates[0]?.[1];
  if (files === undefined) {
    const names = found.map((path) => relative(where, path)).sort(compareText);
    throw dataProblem(
      'data-layout',
      where,
      `There is no data set here; found the files ${quotedList(names)}.`,
      EXPECTED,
    );
  }
  return filesOf(files, where);
}

/** The files of a folder and of those below it; a folder that several links lead to is searched once. */
async function listFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  let nEntries = 0;

  async function search(folder: string, depth: number): Promise<void> {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const names: string[] = [];
    for await (const { name } of await opendir(folder)) {
      if (++nEntries > MAX_ENTRIES) throw tooManyFiles(root);
      if (!name.startsWith('.') && name !== 'node_modules') names.push(name);
    }
    for (const name of names.sort(compareText)) {
      const path = join(folder, name);
      // `stat` follows links: a hub cache holds links to its blobs. A link to nowhere, a pipe or a device is no file.
      const info = await stat(path).catch(() => undefined);
      if (info?.isDirectory() === true && depth > 1) await search(path, depth - 1);
      else if (info?.isFile() === true) files.push(path);
    }
  }

  await search(root, MAX_DEPTH).catch((error: unknown) => {
    throw fileProblem(root, error);
  });
  return files;
}

function tooManyFiles(folder: string): ProblemError {
  const message = `There are more than ${MAX_ENTRIES} files and folders here.`;
  return dataProblem('data-layout', folder, message, 'Name the folder of the data set itself.');
}

/** The layout of files that belong together, sorted by name. */
function filesOf(paths: readonly string[], where: string): DataFiles {
  const examples = paths.filter(isExamples);
  const products = paths.filter(isProducts);
  if (examples.length > 0 || products.length > 0) {
    if (examples.length === 1 && products.length === 1) {
      return { layout: 'official', examples: examples[0]!, products: products[0]! };
    }
    const message = `The two-file release has one file of judgements and one of products; found ${quotedList([...examples, ...products].map((path) => basename(path)))}.`;
    throw dataProblem('data-layout', where, message, EXPECTED);
  }
  const named = paths.filter((path) => splitOf(path) !== undefined);
  const files = (named.length > 0 ? named : paths).map((path) => ({ path, split: splitOf(path) }));
  refuseMixedFormats(files, where);
  refuseMissingShards(files);
  return { layout: 'joined', files };
}

/** `train.csv` beside `train.parquet` is the same data twice. */
function refuseMixedFormats(files: readonly SplitFile[], where: string): void {
  const endings = new Set(files.map(({ path }) => dataEnding(path)));
  if (endings.size <= 1 || endings.has(undefined)) return;
  const bySplit = groupBy(files, ({ split }) => split);
  for (const [split, group] of bySplit) {
    if (new Set(group.map(({ path }) => dataEnding(path))).size <= 1) continue;
    const message = `The ${split ?? 'data'} files have several formats: ${quotedList(group.map(({ path }) => basename(path)))}; expected one.`;
    throw dataProblem('data-layout', where, message, 'Name the files of one format, or remove the others.');
  }
}

/** `train-00000-of-00003.parquet` says how many there are. */
function refuseMissingShards(files: readonly SplitFile[]): void {
  const sets = new Map<string, { total: number; found: Set<number> }>();
  for (const { path } of files) {
    const shard = /^(.*)-(\d+)-of-(\d+)\./.exec(basename(path));
    if (shard === null) continue;
    const key = join(dirname(path), shard[1]!);
    const set = sets.get(key) ?? { total: Number(shard[3]), found: new Set() };
    set.found.add(Number(shard[2]));
    sets.set(key, set);
  }
  for (const [path, { total, found }] of sets) {
    if (found.size >= total) continue;
    const message = `This data set is incomplete: ${found.size} of ${total} files ${basename(path)}-…-of-${total} are here.`;
    throw dataProblem('data-layout', path, message, 'Download the missing files.');
  }
}

/** The split that a file's name says (`train-0.parquet`, `validation.csv`), else its folder's (`train/0000.parquet`). */
function splitOf(path: string): Split | undefined {
  return splitOfName(basename(path)) ?? SPLIT_NAMES.get(basename(dirname(path)).toLowerCase());
}

function splitOfName(name: string): Split | undefined {
  const word = /^([a-z]+)([-_.]|$)/.exec(name.toLowerCase())?.[1];
  return word === undefined ? undefined : SPLIT_NAMES.get(word);
}

/** The folder that a data file's set lies in: above the folder when that names a split. */
function rootOf(path: string): string {
  const folder = dirname(path);
  const isSplitFolder = splitOfName(basename(path)) === undefined && SPLIT_NAMES.has(basename(folder).toLowerCase());
  return isSplitFolder ? dirname(folder) : folder;
}

const endings = DATA_ENDINGS.join('|');
const EXAMPLES = new RegExp(`(^|_)examples\\.(${endings})$`, 'i');
const PRODUCTS = new RegExp(`(^|_)products\\.(${endings})$`, 'i');

function isExamples(path: string): boolean {
  return EXAMPLES.test(basename(path));
}

function isProducts(path: string): boolean {
  return PRODUCTS.test(basename(path));
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
