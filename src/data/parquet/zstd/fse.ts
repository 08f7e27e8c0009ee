import { Damage } from '../damage.ts';
import { readBits } from './bits.ts';
import type { BackwardBits } from './bits.ts';

/** A table of finite-state entropy coding (RFC 8878, 4.1): for each state its symbol, and the next state as a base and some bits to add. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly nBits: Uint8Array;
  readonly bases: Uint16Array;
}

/** The table of one symbol that never changes. */
export function constantTable(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), nBits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** The table of a distribution: of 2^log states each symbol has as many as it says; −1 is one state that starts over. */
export function buildTable(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = counts.map((count) => (count === -1 ? 1 : count));
  let high = size;
  counts.forEach((count, symbol) => {
    if (count === -1) symbols[--high] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  counts.forEach((count, symbol) => {
    for (let i = 0; i < count; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  const nBits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const n = next[symbols[state]!]!++;
    nBits[state] = log - (31 - Math.clz32(n));
    bases[state] = (n << nBits[state]!) - size;
  }
  return { log, symbols, nBits, bases };
}

/** Reads the description of a table; `end` is the offset behind it. @throws Damage */
export function readTable(
  bytes: Uint8Array,
  at: number,
  most: { log: number; symbol: number },
): { table: FseTable; end: number } {
  let bit = at * 8;
  const take = (n: number): number => {
    let value = 0;
    for (let i = 0; i < n; i++, bit++) value |= (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) << i;
    return value;
  };
  const log = take(4) + 5;
  if (log > most.log) throw new Damage('a page of Zstandard has a table that is too large');
  const counts: number[] = [];
  for (let nLeft = 1 << log; nLeft > 0;) {
    // As many bits as the number of states left needs; small values do with one less.
    const n = 32 - Math.clz32(nLeft + 1);
    const lowerMask = (1 << (n - 1)) - 1;
    const nShort = (1 << n) - 1 - (nLeft + 1);
    let value = take(n);
    if ((value & lowerMask) < nShort) {
      bit--;
      value &= lowerMask;
    } else if (value > lowerMask) {
      value -= nShort;
    }
    const count = value - 1;
    nLeft -= Math.abs(count);
    counts.push(count);
    for (let nZeros = count === 0 ? 3 : 0; nZeros === 3;) {
      nZeros = take(2);
      for (let i = 0; i < nZeros; i++) counts.push(0);
      if (counts.length > most.symbol) break;
    }
    if (nLeft < 0 || counts.length > most.symbol + 1)
      throw new Damage('a page of Zstandard has a table that cannot be');
  }
  const end = (bit + 7) >> 3;
  if (end > bytes.length) throw new Damage('a page of Zstandard ends early');
  return { table: buildTable(counts, log), end };
}

/** The state that a stream begins with. */
export function firstState(table: FseTable, bits: BackwardBits): number {
  return readBits(bits, table.log);
}

export function nextState(table: FseTable, state: number, bits: BackwardBits): number {
  return table.bases[state]! + readBits(bits, table.nBits[state]!);
}
