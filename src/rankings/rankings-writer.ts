import { open, rm } from 'node:fs/promises';
import { openSubfolder } from '../files/subfolder.ts';
import { LABELS } from '../vocabulary/label.ts';
import { ownOf, setOwn } from '../vocabulary/own.ts';
import { runPaths } from '../runs/layout.ts';
import type { RankedSplit } from '../runs/layout.ts';
import { RANKINGS_VERSION } from './rankings-format.ts';
import type { RankedProduct, RankingsIndex } from './rankings-format.ts';
import { writeProblem } from '../files/os-problem.ts';
import { clearTheWay, renameBusy, tempPathFor, writeFileAtomic } from '../files/write-file.ts';

/** A query to store. */
export interface NewRankedQuery {
  readonly id: string;
  readonly text: string;
  readonly products: readonly RankedProduct[];
  /** Scores by ranker in the order of `products`; the same rankers for all queries, none for dev. */
  readonly scores: Readonly<Record<string, ArrayLike<number>>>;
  /** Metric values by ranker and metric; null where the metric leaves the query out. The same names for all queries. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

/** Writes the rankings of a split query by query; nothing shows before `finish`. One call at a time. */
export interface RankingsWriter {
  add(query: NewRankedQuery): Promise<void>;
  /** Puts both files in their places. */
  finish(): Promise<void>;
  /** Gives up and leaves earlier rankings as they were. */
  discard(): Promise<void>;
}

const BUFFER_BYTES = 1 << 20;

/**
 * Opens a writer of the rankings of a split.
 * @throws ProblemError `disk-full`, `cannot-write`, also from the writer's calls
 */
export async function openRankingsWriter(runDir: string, split: RankedSplit): Promise<RankingsWriter> {
  const path = runPaths.rankings(runDir, split);
  const indexPath = runPaths.rankingsIndex(runDir, split);
  const temp = tempPathFor(path);
  const file = await guarded(async () => {
    await openSubfolder(runDir, 'rankings');
    return open(temp, 'wx');
  });
  const columns = {
    ids: [] as string[],
    texts: [] as string[],
    offsets: [] as number[],
    lengths: [] as number[],
    counts: { E: [] as number[], S: [] as number[], C: [] as number[], I: [] as number[] },
    metrics: {} as Record<string, Record<string, (number | null)[]>>,
  };
  let bytes = 0;
  let lines: Buffer[] = [];
  let nBuffered = 0;

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw writeProblem(error, path);
    }
  }

  async function flush(): Promise<void> {
    if (nBuffered === 0) return;
    const all = Buffer.concat(lines);
    lines = [];
    nBuffered = 0;
    await guarded(() => file.appendFile(all));
  }

  async function add(query: NewRankedQuery): Promise<void> {
    const line = Buffer.from(`${lineOf(query)}\n`);
    addMetrics(columns.metrics, query, columns.ids.length);
    columns.ids.push(query.id);
    columns.texts.push(query.text);
    columns.offsets.push(bytes);
    columns.lengths.push(line.length - 1);
    for (const label of LABELS) columns.counts[label].push(query.products.filter((p) => p.label === label).length);
    bytes += line.length;
    lines.push(line);
    nBuffered += line.length;
    if (nBuffered >= BUFFER_BYTES) await flush();
  }

  async function finish(): Promise<void> {
    await flush();
    await guarded(async () => {
      await file.sync();
      await file.close();
      // Without its index a file counts as absent, so no reader ever sees an index of other lines.
      await clearTheWay(indexPath);
      await rm(indexPath, { force: true });
      await clearTheWay(path);
      await renameBusy(temp, path);
    });
    const index: RankingsIndex = { version: RANKINGS_VERSION, bytes, ...columns };
    await writeFileAtomic(indexPath, JSON.stringify(index));
  }

  async function discard(): Promise<void> {
    await file.close();
    await rm(temp, { force: true });
  }

  return { add, finish, discard };
}

function lineOf({ id, text, products, scores }: NewRankedQuery): string {
  const rounded = Object.entries(scores).map(([ranker, values]) => {
    if (values.length !== products.length) {
      throw new RangeError(`Query ${id}: ${values.length} scores of ${ranker} for ${products.length} products`);
    }
    return [ranker, Array.from(values, (score) => shortFloat32(score, id))] as const;
  });
  const plain = products.map((p) => ({ id: p.id, title: p.title, label: p.label }));
  return JSON.stringify({ id, text, products: plain, scores: Object.fromEntries(rounded) });
}

/** The score in nine significant digits, which identify every float32 (IEEE 754); the full double would take twice the space. */
function shortFloat32(score: number, queryId: string): number {
  if (!Number.isFinite(score)) throw new RangeError(`Query ${queryId}: a score is ${score}`);
  return Number(score.toPrecision(9));
}

function ownOrNew<T>(record: Record<string, T>, name: string, fresh: T): T {
  const known = ownOf(record, name);
  if (known === undefined) setOwn(record, name, fresh);
  return known ?? fresh;
}

function addMetrics(
  columns: Record<string, Record<string, (number | null)[]>>,
  query: NewRankedQuery,
  row: number,
): void {
  let nNames = 0;
  for (const [ranker, byMetric] of Object.entries(query.metrics)) {
    for (const [metric, value] of Object.entries(byMetric)) {
      const column = ownOrNew(ownOrNew(columns, ranker, {}), metric, []);
      if (column.length !== row) throw new RangeError(`Query ${query.id}: ${ranker} ${metric} is new to row ${row}`);
      column.push(value);
      nNames++;
    }
  }
  const nExpected = Object.values(columns).reduce((sum, byMetric) => sum + Object.keys(byMetric).length, 0);
  if (nNames !== nExpected) throw new RangeError(`Query ${query.id}: ${nNames} metric values, ${nExpected} before`);
}
