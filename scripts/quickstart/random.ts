import { indexBelow, seededRandom } from '../../src/metrics/seeded-random.ts';

/** Draws from one seeded stream: same seed, same choices. */
export interface Draw {
  below(n: number): number;
  chance(p: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A new list in random order (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[];
}

export function draws(seed: number): Draw {
  const next = seededRandom(seed);
  const below = (n: number) => indexBelow(n, next());
  return {
    below,
    chance: (p) => next() < p * 4294967296,
    pick: (items) => {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)]!;
    },
    shuffled: (items) => {
      const list = [...items];
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [list[i], list[j]] = [list[j]!, list[i]!];
      }
      return list;
    },
  };
}
