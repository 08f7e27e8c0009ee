import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { formatWrongs } from '../protocol/check.ts';
import { ProblemError } from '../protocol/problem.ts';
import { runPaths } from './layout.ts';
import type { RankedSplit } from './layout.ts';
import { checkRankedQuery, checkRankingsIndex, RANKINGS_VERSION } from './rankings-format.ts';
import type { RankedQuery, RankingsIndex } from './rankings-format.ts';
import { orderOf, rowsOf } from './rankings-page.ts';
import type { Order, Page, PageRequest } from './rankings-page.ts';
import { readJson } from './read-json.ts';
import { errorCode } from '../files/write-file.ts';

/** The stored rankings of a split, opened for reading. */
export interface Rankings {
  readonly index: RankingsIndex;
  /** Rankers and metrics that have values; empty for dev. */
  readonly rankers: readonly string[];
  readonly metrics: readonly string[];
  /** One page of queries. Pages of the same sort and filter after the first cost only their rows. */
  page(request: PageRequest): Page;
  /**
   * One query with its products and scores: reads only its line. Undefined when there is no such query.
   * @throws ProblemError `broken-file`
   */
  query(id: string): Promise<RankedQuery | undefined>;
  /** Closes the file; the owner calls it once. */
  close(): Promise<void>;
}

/**
 * Opens the rankings of a split; undefined when the run has none yet.
 * @throws ProblemError `newer-version`, `broken-file` (also when index and lines do not belong together)
 */
export async function openRankings(runDir: string, split: RankedSplit): Promise<Rankings | undefined> {
  const indexPath = runPaths.rankingsIndex(runDir, split);
  const path = runPaths.rankings(runDir, split);
  const name = `${split}.index.json`;
  const index = await readJson(indexPath, { name, check: checkRankingsIndex, newestVersion: RANKINGS_VERSION });
  if (index === undefined) return undefined;
  const size = await sizeOf(path);
  if (size !== index.bytes) {
    throw broken(path, `found ${size} bytes, expected ${index.bytes} as ${name} says`);
  }
  const lowerTexts = index.texts.map((text) => text.toLowerCase());
  const rowOf = new Map(index.ids.map((id, row) => [id, row]));
  let file: Promise<FileHandle> | undefined;
  let lastOrder: { readonly key: string; readonly order: Order } | undefined;

  function page(request: PageRequest): Page {
    const { offset, limit, ...rest } = request;
    const key = JSON.stringify(rest);
    if (lastOrder?.key !== key) lastOrder = { key, order: orderOf(index!, lowerTexts, rest) };
    const { rows, outcomes } = lastOrder.order;
    return { total: rows.length, outcomes, rows: rowsOf(index!, rows.subarray(offset, offset + limit)) };
  }

  async function query(id: string): Promise<RankedQuery | undefined> {
    const row = rowOf.get(id);
    if (row === undefined) return undefined;
    const bytes = Buffer.alloc(index!.lengths[row]!);
    file ??= open(path, 'r');
    await (await file).read(bytes, 0, bytes.length, index!.offsets[row]);
    const found = parseLine(bytes.toString('utf8'), path, row);
    if (found.id !== id) throw broken(path, `line ${row + 1} has query ${found.id}, expected ${id}`);
    return found;
  }

  const byMetric = Object.values(index.metrics)[0] ?? {};
  return {
    index,
    rankers: Object.keys(index.metrics),
    metrics: Object.keys(byMetric),
    page,
    query,
    close: async () => (await file)?.close(),
  };
}

function parseLine(text: string, path: string, row: number): RankedQuery {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(path, `line ${row + 1} is no JSON (${(error as Error).message})`);
  }
  const checked = checkRankedQuery(value);
  if (!checked.ok) throw broken(path, `line ${row + 1}: ${formatWrongs(checked.wrongs)}`);
  return checked.value;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

function broken(where: string, message: string): ProblemError {
  const next = 'Evaluate the run’s model again to write its rankings anew.';
  return new ProblemError({
    code: 'broken-file',
    message: `The stored rankings are damaged: ${message}.`,
    where,
    next,
  });
}
