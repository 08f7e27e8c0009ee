import { Damage } from '../damage.ts';

const MAGIC = 0xfd2fb528;
/** No block has or holds more (RFC 8878, 3.1.1.2.4). */
const MAX_BLOCK = 2 ** 17;
const TYPES = ['raw', 'run', 'compressed'] as const;

/** A block of a frame: bytes as they are, one byte `size` times, or something compressed. */
export interface Block {
  readonly type: (typeof TYPES)[number];
  readonly bytes: Uint8Array;
  readonly size: number;
}

/**
 * The blocks of a frame (RFC 8878, 3.1.1) that fills the input and holds `length` bytes, as a page of parquet does.
 * @throws Damage
 */
export function readBlocks(input: Uint8Array, length: number): Block[] {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 6 || view.getUint32(0, true) !== MAGIC) throw new Damage('a page is not Zstandard');
  const descriptor = input[4]!;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const nDictionary = [0, 1, 2, 4][descriptor & 3]!;
  const nSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const sizeAt = 5 + (isSingleSegment ? 0 : 1) + nDictionary;
  let at = sizeAt + nSize;
  if (at > input.length) throw new Damage('a page of Zstandard ends early');
  if (nSize > 0 && contentSize(view, sizeAt, nSize) !== length) {
    throw new Damage(`a page holds ${contentSize(view, sizeAt, nSize)} bytes and should hold ${length}`);
  }
  const blocks: Block[] = [];
  for (let isLast = false; !isLast;) {
    if (input.length - at < 3) throw new Damage('a page of Zstandard ends early');
    const head = view.getUint16(at, true) + input[at + 2]! * 2 ** 16;
    at += 3;
    isLast = head % 2 === 1;
    const type = TYPES[(head >> 1) & 3];
    const size = head >> 3;
    const end = at + (type === 'run' ? 1 : size);
    if (type === undefined || size > MAX_BLOCK || end > input.length || (type === 'compressed' && size < 2)) {
      throw new Damage('a page of Zstandard has a block that cannot be');
    }
    blocks.push({ type, bytes: input.subarray(at, end), size });
    at = end;
  }
  const nChecksum = (descriptor & 4) !== 0 ? 4 : 0;
  if (at + nChecksum !== input.length) throw new Damage('a page of Zstandard has bytes behind its end');
  return blocks;
}

/** The size in a frame's header; a size of two bytes counts from 256 on. */
function contentSize(view: DataView, at: number, nBytes: number): number {
  if (nBytes === 1) return view.getUint8(at);
  if (nBytes === 2) return view.getUint16(at, true) + 256;
  return nBytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
