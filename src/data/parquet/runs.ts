import { Damage } from './damage.ts';

/**
 * Fills `out` from runs of equal values and groups of packed ones (parquet's "RLE / bit-packing hybrid"), each value `width` bits; a run
 * that claims more than `out` holds is cut. Values of no bits are all 0 and need no runs. @throws Damage when the bytes end before `out` is full
 */
export function readRuns(bytes: Uint8Array, at: number, width: number, out: Uint8Array | Uint32Array): void {
  if (width > 32) throw new Damage(`a page has values of ${width} bits`);
  if (width === 0) {
    out.fill(0);
    return;
  }
  const nRunBytes = Math.ceil(width / 8);
  for (let n = 0; n < out.length;) {
    let head = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      if (at >= bytes.length || shift > 28) throw new Damage('a page has fewer values than it says');
      byte = bytes[at++]!;
      head += (byte & 0x7f) * 2 ** shift;
    }
    const isPacked = head % 2 === 1;
    const length = Math.min(Math.floor(head / 2) * (isPacked ? 8 : 1), out.length - n);
    const nBytes = isPacked ? Math.ceil((length * width) / 8) : nRunBytes;
    if (at + nBytes > bytes.length) throw new Damage('a page has fewer values than it says');
    if (isPacked) unpack(bytes, at, width, out.subarray(n, n + length));
    else out.fill(littleEndian(bytes, at, nBytes), n, n + length);
    // The padding of the last group is not needed, so it need not be there.
    at += isPacked ? Math.floor(head / 2) * width : nBytes;
    n += length;
  }
}

/** Values side by side, lowest bit first. */
function unpack(bytes: Uint8Array, at: number, width: number, out: Uint8Array | Uint32Array): void {
  // Up to 24 bits a value and the 7 that are left over fit into 31 bits; more need the slower arithmetic of 53.
  const unpackAll = width <= 24 ? unpackNarrow : unpackWide;
  unpackAll(bytes, at, width, out);
}

function unpackNarrow(bytes: Uint8Array, at: number, width: number, out: Uint8Array | Uint32Array): void {
  const mask = 2 ** width - 1;
  let bits = 0;
  let nBits = 0;
  for (let i = 0; i < out.length; i++) {
    while (nBits < width) {
      bits |= bytes[at++]! << nBits;
      nBits += 8;
    }
    out[i] = bits & mask;
    bits >>>= width;
    nBits -= width;
  }
}

function unpackWide(bytes: Uint8Array, at: number, width: number, out: Uint8Array | Uint32Array): void {
  let bits = 0;
  let nBits = 0;
  for (let i = 0; i < out.length; i++) {
    while (nBits < width) {
      bits += bytes[at++]! * 2 ** nBits;
      nBits += 8;
    }
    out[i] = bits % 2 ** width;
    bits = Math.floor(bits / 2 ** width);
    nBits -= width;
  }
}

function littleEndian(bytes: Uint8Array, at: number, n: number): number {
  let value = 0;
  for (let i = n - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}
