import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { LABELS } from '../vocabulary/label.ts';
import { formatWrongs } from '../vocabulary/check.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { runPaths } from '../runs/layout.ts';
import type { RankedSplit } from '../runs/layout.ts';
import { checkRankedQuery, checkRankingsIndex, RANKINGS_VERSION } from './rankings-format.ts';
import type { RankedQuery, RankingsIndex } from './rankings-format.ts';
import { orderOf, rowsOf } from './rankings-page.ts';
import type { Order, RankingsPage, PageRequest } from './rankings-page.ts';
import { readJson } from '../runs/read-json.ts';
import { openFile } from '../files/open-file.ts';
import { errorCode } from '../files/os-problem.ts';

/** The stored rankings of a split, opened for reading. */
export interface Rankings {
  readonly index: RankingsIndex;
  /** Rankers and metrics that have values; empty for dev. */
  readonly rankers: readonly string[];
  readonly metrics: readonly string[];
  /** One page of queries. Pages of the same sort and filter after the first cost only their rows. */
  page(request: PageRequest): RankingsPage;
  /**
   * One query with its products and scores: reads only its line. Undefined when there is no such query.
   * @throws ProblemError `broken-file`
   */
  query(id: string): Promise<RankedQuery | undefined>;
  /** Closes the file; the owner calls it once. */
  close(): Promise<void>;
}

/** An index has some hundred bytes a query; its text has to fit into one string. */
const MAX_INDEX_BYTES = 400e6;

/**
 * Opens the rankings of a split; undefined when the run has none yet.
 * @throws ProblemError `newer-version`, `broken-file` (also when index and lines do not belong together)
 */
export async function openRankings(runDir: string, split: RankedSplit): Promise<Rankings | undefined> {
  const indexPath = runPaths.rankingsIndex(runDir, split);
  const path = runPaths.rankings(runDir, split);
  const name = `${split}.index.json`;
  const index = await readJson(indexPath, {
    name,
    check: checkRankingsIndex,
    newestVersion: RANKINGS_VERSION,
    maxBytes: MAX_INDEX_BYTES,
  });
  if (index === undefined) return undefined;
  const size = await sizeOf(path);
  if (size !== index.bytes) {
    throw broken(path, `found ${size} bytes, expected ${index.bytes} as ${name} says`);
  }
  const wrongLine = wrongLineOf(index);
  if (wrongLine !== undefined) throw broken(indexPath, wrongLine);
  const lowerTexts = index.texts.map((text) => text.toLowerCase());
  const rowOf = new Map(index.ids.map((id, row) => [id, row]));
  let file: FileHandle | undefined;
  let lastOrder: { readonly key: string; readonly order: Order } | undefined;

  function page(request: PageRequest): RankingsPage {
    const { offset, limit, ...rest } = request;
    const key = JSON.stringify(rest);
    if (lastOrder?.key !== key) lastOrder = { key, order: orderOf(index!, lowerTexts, rest) };
    const { rows, outcomes } = lastOrder.order;
    return { total: rows.length, outcomes, rows: rowsOf(index!, rows.subarray(offset, offset + limit)) };
  }

  async function query(id: string): Promise<RankedQuery | undefined> {
    const row = rowOf.get(id);
    if (row === undefined) return undefined;
    const found = parseLine(await readLine(row), path, row);
    if (found.id !== id) throw broken(path, `line ${row + 1} has query ${shown(found.id)}, expected ${shown(id)}`);
    for (const label of LABELS) {
      const [n, expected] = [found.products.filter((p) => p.label === label).length, index!.counts[label][row]];
      if (n !== expected) throw broken(path, `line ${row + 1} has ${n} products ${label}, expected ${expected}`);
    }
    return found;
  }

  /** The lines may have been replaced since the index was read. */
  async function readLine(row: number): Promise<string> {
    const bytes = Buffer.alloc(index!.lengths[row]!);
    try {
      file ??= (await openFile(path)).file;
      const { bytesRead } = await file.read(bytes, 0, bytes.length, index!.offsets[row]);
      if (bytesRead === bytes.length) return bytes.toString('utf8');
    } catch (error) {
      throw broken(path, `line ${row + 1} cannot be read (${errorCode(error) || String(error)})`);
    }
    throw broken(path, `the file ends within line ${row + 1}`);
  }

  const byMetric = Object.values(index.metrics)[0] ?? {};
  return {
    index,
    rankers: Object.keys(index.metrics),
    metrics: Object.keys(byMetric),
    page,
    query,
    close: async () => file?.close(),
  };
}

/** Longest line in bytes: a thousand times what a query with hundreds of products takes. */
const MAX_LINE_BYTES = 1 << 26;

/** What is wrong with the lines' places: they follow each other without a gap, from the file's start to its end. */
function wrongLineOf({ offsets, lengths, bytes }: RankingsIndex): string | undefined {
  let end = 0;
  for (const [row, length] of lengths.entries()) {
    if (offsets[row] !== end) return `line ${row + 1} is said to begin at byte ${offsets[row]}, expected ${end}`;
    if (length > MAX_LINE_BYTES)
      return `line ${row + 1} is said to have ${length} bytes, expected at most ${MAX_LINE_BYTES}`;
    end += length + 1;
  }
  return end === bytes ? undefined : `the lines are said to end at byte ${end}, expected ${bytes}`;
}

function shown(id: string): string {
  return JSON.stringify(id.slice(0, 60));
}

function parseLine(text: string, path: string, row: number): RankedQuery {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(path, `line ${row + 1} is no JSON (${(error as Error).message.slice(0, 200)})`);
  }
  const checked = checkRankedQuery(value);
  if (!checked.ok) throw broken(path, `line ${row + 1}: ${formatWrongs(checked.wrongs.slice(0, 3))}`);
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
