import { Damage } from './damage.ts';

const MAGIC = 0xfd2fb528;
/** No block grows to more (RFC 8878, 3.1.1.2.3). */
const MAX_BLOCK = 2 ** 17;
const BLOCK = { raw: 0, runLength: 1, compressed: 2 };

/**
 * Checks the outline of a Zstandard frame (RFC 8878) before a decoder trusts it: one frame, whose blocks fill the input and may hold
 * `length` bytes. A page is one frame; the content size in a frame's header is what fzstd allocates.
 * @throws Damage
 */
export function checkZstdFrame(input: Uint8Array, length: number): void {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 6 || view.getUint32(0, true) !== MAGIC) throw new Damage('a page is not Zstandard');
  const descriptor = input[4]!;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const nDictionary = [0, 1, 2, 4][descriptor & 3]!;
  const nSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const sizeAt = 5 + (isSingleSegment ? 0 : 1) + nDictionary;
  let at = sizeAt + nSize;
  if (at > input.length) throw new Damage('a page is not Zstandard');
  if (nSize > 0 && contentSize(view, sizeAt, nSize) !== length) {
    throw new Damage(`a page holds ${contentSize(view, sizeAt, nSize)} bytes and should hold ${length}`);
  }
  let nMost = 0;
  for (let isLast = false; !isLast;) {
    if (input.length - at < 3) throw new Damage('a page of Zstandard ends early');
    const head = view.getUint16(at, true) + input[at + 2]! * 2 ** 16;
    at += 3;
    isLast = head % 2 === 1;
    const type = (head >> 1) & 3;
    const size = head >> 3;
    nMost += type === BLOCK.compressed ? MAX_BLOCK : size;
    at += type === BLOCK.runLength ? 1 : size;
    if (type > BLOCK.compressed || size > MAX_BLOCK || at > input.length) throw new Damage('a page is not Zstandard');
  }
  const nChecksum = (descriptor & 4) !== 0 ? 4 : 0;
  if (at + nChecksum !== input.length) throw new Damage('a page of Zstandard has bytes behind its end');
  if (nMost < length) throw new Damage(`a page holds at most ${nMost} bytes and should hold ${length}`);
}

/** The size in a frame's header; a size of two bytes counts from 256 on. */
function contentSize(view: DataView, at: number, nBytes: number): number {
  if (nBytes === 1) return view.getUint8(at);
  if (nBytes === 2) return view.getUint16(at, true) + 256;
  return nBytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
