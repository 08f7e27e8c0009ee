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
 * Without groups, one batch at most is smaller. With groups, every batch holds distinct ones, so as many more may be smaller
 * as the largest group has examples; they are balanced, because a loss over in-batch negatives learns nothing from a batch of one.
 */
export function epochBatches(lengths: readonly number[], { batchSize, seed, epoch, groups }: EpochOptions): number[][] {
  const random = createRandom(seed, epoch, 0xba7c4);
  const order = random.shuffle(lengths.map((_, i) => i));
  const poolSize = batchSize * POOL_BATCHES;
  const sorted: number[] = [];
  for (let start = 0; start < order.length; start += poolSize) {
    const pool = order.slice(start, start + poolSize);
    // A stable sort: examples of equal length stay in shuffled order. Every other pool descends, so that a batch across
    // two pools has similar lengths, too.
    const sign = (start / poolSize) % 2 === 0 ? 1 : -1;
    // Not push(...pool): fifty large batches are more arguments than a call takes.
    for (const example of pool.sort((a, b) => sign * (lengths[a]! - lengths[b]!))) sorted.push(example);
  }
  const batches = groups === undefined ? chunks(sorted, batchSize) : distinctBatches(sorted, groups, batchSize);
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

/**
 * Fills batches in order; an example whose group the open batches have already opens another. Batches that are not full at the end give
 * examples to one another until none could be larger by more than one, as far as their groups allow.
 */
function distinctBatches(items: readonly number[], groups: readonly string[], size: number): number[][] {
  const full: number[][] = [];
  /** Batches in the order of their opening; a full one leaves its place empty. */
  const batches: (Map<string, number> | undefined)[] = [];
  /** Group → place before which no open batch lacks it: batches only gain examples, so it never moves back. */
  const firstLacking = new Map<string, number>();
  let firstOpen = 0;
  for (const item of items) {
    const group = groups[item]!;
    let place = Math.max(firstOpen, firstLacking.get(group) ?? 0);
    while (place < batches.length && batches[place]?.has(group) !== false) place++;
    firstLacking.set(group, place + 1);
    const batch = (batches[place] ??= new Map<string, number>());
    batch.set(group, item);
    if (batch.size < size) continue;
    batches[place] = undefined;
    full.push([...batch.values()]);
    while (firstOpen < batches.length && batches[firstOpen] === undefined) firstOpen++;
  }
  const open = batches.filter((batch) => batch !== undefined);
  balance(open);
  return [...full, ...open.map((batch) => [...batch.values()])];
}

/** Moves examples from larger batches to smaller ones that lack their group. */
function balance(batches: readonly Map<string, number>[]): void {
  let largest = largestOf(batches);
  for (const small of batches.toSorted((a, b) => a.size - b.size)) {
    // Nothing to take: without this, thousands of batches of one would be sorted thousands of times.
    if (largest <= small.size + 1) continue;
    for (const large of batches.toSorted((a, b) => b.size - a.size)) {
      for (const [group, item] of [...large]) {
        if (large.size <= small.size + 1) break;
        if (small.has(group)) continue;
        large.delete(group);
        small.set(group, item);
      }
    }
    largest = largestOf(batches);
  }
}

function largestOf(batches: readonly Map<string, number>[]): number {
  return batches.reduce((most, { size }) => Math.max(most, size), 0);
}
