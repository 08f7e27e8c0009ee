import type { JudgedQuery, Split } from './judged-query.ts';
import { createRandom } from './random.ts';

/** The splits in the order in which they are shown. */
export const SPLITS = ['train', 'dev', 'test'] as const satisfies readonly Split[];

/** Keys that keep the draws of one seed apart: the dev queries must not change with the size of the data that is tried. */
const DEV_STREAM = 1;
const LIMIT_STREAM = 2;

/**
 * Draws `n` queries. Which ones depends on seed and query ids alone, not on the order of the data; both parts keep the
 * data's order.
 */
function drawQueries(
  queries: readonly JudgedQuery[],
  n: number,
  key: readonly number[],
): { drawn: JudgedQuery[]; rest: JudgedQuery[] } {
  const ids = queries.map(({ id }) => id).sort();
  const drawn = new Set(
    createRandom(...key)
      .shuffle(ids)
      .slice(0, n),
  );
  return {
    drawn: queries.filter(({ id }) => drawn.has(id)),
    rest: queries.filter(({ id }) => !drawn.has(id)),
  };
}

/**
 * Holds queries out from train as a dev split. `devQueries` below 1 is a share (rounded, at least one query), else a count.
 * At least one query stays in train; `drawn` is empty when there are not two queries.
 */
export function holdOutDev(
  train: readonly JudgedQuery[],
  devQueries: number,
  seed: number,
): { drawn: JudgedQuery[]; rest: JudgedQuery[] } {
  const wanted = devQueries < 1 ? Math.round(devQueries * train.length) : Math.floor(devQueries);
  const n = devQueries <= 0 ? 0 : Math.min(Math.max(1, wanted), Math.max(0, train.length - 1));
  return drawQueries(train, n, [seed, DEV_STREAM]);
}

/** At most `maxQueries` queries of a split, drawn by the seed; all when null. */
export function limitQueries(queries: readonly JudgedQuery[], maxQueries: number | null, seed: number): JudgedQuery[] {
  if (maxQueries === null || queries.length <= maxQueries) return [...queries];
  return drawQueries(queries, maxQueries, [seed, LIMIT_STREAM]).drawn;
}
