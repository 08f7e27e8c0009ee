import { Damage } from '../damage.ts';

/** Bits that are read from the end of some bytes to their beginning (RFC 8878, 4.1): the last byte's highest bit is a mark. */
export interface BackwardBits {
  readonly bytes: Uint8Array;
  /** Bits that are left; below zero once more were read than there are. */
  nLeft: number;
}

/** A stream over `bytes`. @throws Damage when its mark is missing */
export function openBits(bytes: Uint8Array): BackwardBits {
  const last = bytes.at(-1) ?? 0;
  if (last === 0) throw new Damage('a page of Zstandard has a stream without an end');
  return { bytes, nLeft: (bytes.length - 1) * 8 + 31 - Math.clz32(last) };
}

/** The next `n` bits, at most 31, as a number; bits before the beginning are 0. */
export function peekBits({ bytes, nLeft }: BackwardBits, n: number): number {
  let value = 0;
  for (let bit = nLeft - n, got = 0; got < n;) {
    if (bit < 0) {
      // Nothing is there: step to the beginning, or over all.
      const nMissing = Math.min(-bit, n - got);
      bit += nMissing;
      got += nMissing;
      continue;
    }
    const shift = bit & 7;
    const nTaken = Math.min(8 - shift, n - got);
    value += ((bytes[bit >> 3]! >> shift) & ((1 << nTaken) - 1)) * 2 ** got;
    bit += nTaken;
    got += nTaken;
  }
  return value;
}

export function readBits(bits: BackwardBits, n: number): number {
  const value = peekBits(bits, n);
  bits.nLeft -= n;
  return value;
}
