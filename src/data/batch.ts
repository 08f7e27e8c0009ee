import { createRandom } from './random.ts';

export interface EpochOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** 0 for the first. */
  readonly epoch: number;
  /** A group of each example (its query); no batch holds two examples of one group. */
  readonly groups?: readonly string[];
}

/** Batches' worth of examples that are sorted by length together: long enough to save padding, short enough to stay random. */
const POOL_BATCHES = 50;

/**
 * The batches of an epoch as indices of examples, a pure function of seed and epoch: all examples once, in batches of similar
 * length. Examples are shuffled, cut into pools, sorted by length within a pool and cut into batches, which are shuffled.
 * With groups, every batch holds distinct ones, so some batches are smaller.
 */
export function epochBatches(lengths: readonly number[], { batchSize, seed, epoch, groups }: EpochOptions): number[][] {
  const random = createRandom(seed, epoch, 0xba7c4);
  const order = random.shuffle(lengths.map((_, i) => i));
  const batches: number[][] = [];
  const poolSize = batchSize * POOL_BATCHES;
  for (let start = 0; start < order.length; start += poolSize) {
    const pool = order.slice(start, start + poolSize);
    // A stable sort: examples of equal length stay in shuffled order.
    pool.sort((a, b) => lengths[a]! - lengths[b]!);
    batches.push(...(groups === undefined ? chunks(pool, batchSize) : distinctBatches(pool, groups, batchSize)));
  }
  return random.shuffle(batches);
}

/** Batches for scoring, longest sequences first (so that memory peaks at once), at most `maxTokens` tokens with padding. */
export function lengthSortedBatches(lengths: readonly number[], maxTokens: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const batches: number[][] = [];
  for (let start = 0; start < order.length;) {
    const size = Math.max(1, Math.floor(maxTokens / Math.max(1, lengths[order[start]!]!)));
    batches.push(order.slice(start, start + size));
    start += size;
  }
  return batches;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Fills batches in order; an example whose group a batch has already waits for the next one that lacks it. */
function distinctBatches(items: readonly number[], groups: readonly string[], size: number): number[][] {
  const open: { readonly batch: number[]; readonly groups: Set<string> }[] = [];
  const full: number[][] = [];
  for (const item of items) {
    const group = groups[item]!;
    let target = open.find((candidate) => !candidate.groups.has(group));
    if (target === undefined) open.push((target = { batch: [], groups: new Set() }));
    target.batch.push(item);
    target.groups.add(group);
    if (target.batch.length === size) {
      open.splice(open.indexOf(target), 1);
      full.push(target.batch);
    }
  }
  return [...full, ...open.map(({ batch }) => batch)];
}
