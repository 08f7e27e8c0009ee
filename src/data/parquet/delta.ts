import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { Damage } from './damage.ts';
import type { ByteStrings } from './values.ts';

/** Where reading stands within a page. */
export interface PageCursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Values of a block that a writer may choose; the usual is 128. */
const MAX_BLOCK = 2 ** 20;
/** What texts that share beginnings may grow to, apart from as many bytes as the page has. */
const MAX_SHARED = 2 ** 27;

/** Reads `n` whole numbers that are stored as differences in blocks of packed bits (`DELTA_BINARY_PACKED`). @throws Damage */
export function readDeltas(cursor: PageCursor, n: number, isWide: false): Int32Array;
export function readDeltas(cursor: PageCursor, n: number, isWide: boolean): Int32Array | BigInt64Array;
export function readDeltas(cursor: PageCursor, n: number, isWide: boolean): Int32Array | BigInt64Array {
  const { bytes, at } = cursor;
  const head: PageCursor = { bytes, at };
  const block = readNumber(head);
  const nParts = readNumber(head);
  const nStated = readNumber(head);
  // These decide how far the decoder steps: a part of no or of negative size would keep it in place.
  const isSound = block > 0 && block <= MAX_BLOCK && nParts > 0 && block % nParts === 0 && (block / nParts) % 8 === 0;
  if (!isSound || nStated < n) throw new Damage('a page has blocks of differences that cannot be');
  const values = isWide ? new BigInt64Array(n) : new Int32Array(n);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: at };
  deltaBinaryUnpack(reader, n, values);
  cursor.at = reader.offset;
  return values;
}

/** Byte strings behind each other, their lengths in front as differences (`DELTA_LENGTH_BYTE_ARRAY`). @throws Damage */
export function readDeltaLengths(cursor: PageCursor, n: number): ByteStrings {
  const lengths = n === 0 ? new Int32Array(0) : readDeltas(cursor, n, false);
  const { bytes } = cursor;
  const starts = new Uint32Array(n);
  const ends = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const length = lengths[i]!;
    if (length < 0 || length > bytes.length - cursor.at) throw new Damage(`a page has a text of ${length} bytes`);
    starts[i] = cursor.at;
    ends[i] = cursor.at += length;
  }
  return { bytes, starts, ends };
}

/** Byte strings that each begin with some bytes of the one before (`DELTA_BYTE_ARRAY`). @throws Damage */
export function readDeltaStrings(cursor: PageCursor, n: number): ByteStrings {
  const prefixes = n === 0 ? new Int32Array(0) : readDeltas(cursor, n, false);
  const suffixes = readDeltaLengths(cursor, n);
  const starts = new Uint32Array(n);
  const ends = new Uint32Array(n);
  let nTotal = 0;
  for (let i = 0, before = 0; i < n; i++) {
    const prefix = prefixes[i]!;
    if (prefix < 0 || prefix > before)
      throw new Damage(`a page has a text that shares ${prefix} bytes with one of ${before}`);
    before = prefix + suffixes.ends[i]! - suffixes.starts[i]!;
    starts[i] = nTotal;
    ends[i] = nTotal += before;
    if (nTotal > MAX_SHARED + cursor.bytes.length)
      throw new Damage('a page has texts that share more bytes than can be');
  }
  const bytes = new Uint8Array(nTotal);
  for (let i = 0; i < n; i++) {
    const start = starts[i]!;
    if (i > 0) bytes.copyWithin(start, starts[i - 1]!, starts[i - 1]! + prefixes[i]!);
    bytes.set(suffixes.bytes.subarray(suffixes.starts[i], suffixes.ends[i]), start + prefixes[i]!);
  }
  return { bytes, starts, ends };
}

function readNumber(cursor: PageCursor): number {
  let value = 0;
  for (let shift = 0; shift <= 28; shift += 7) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new Damage('a page has fewer values than it says');
}
