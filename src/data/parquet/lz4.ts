import { Damage } from './damage.ts';

/** Decompresses one LZ4 block (the raw format) to exactly `length` bytes. @throws Damage */
export function decompressLz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  if (decodeBlock(input, output, 0) !== length) throw new Damage('a page is shorter than it says');
  return output;
}

/**
 * Decompresses parquet's older `LZ4`: Hadoop's frames, each with its two lengths in front, or, from some writers, a single raw block.
 * @throws Damage
 */
export function decompressLz4Frames(input: Uint8Array, length: number): Uint8Array {
  const frames = findFrames(input, length);
  if (frames === undefined) return decompressLz4Block(input, length);
  const output = new Uint8Array(length);
  let at = 0;
  for (const { block, nPlain } of frames) {
    const end = decodeBlock(block, output.subarray(0, at + nPlain), at);
    if (end !== at + nPlain) throw new Damage('a page is shorter than it says');
    at = end;
  }
  return output;
}

/** The frames when they fill input and output exactly; undefined for anything else. */
function findFrames(input: Uint8Array, length: number): { block: Uint8Array; nPlain: number }[] | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const frames: { block: Uint8Array; nPlain: number }[] = [];
  let nTotal = 0;
  for (let at = 0; at < input.length;) {
    if (input.length - at < 8) return undefined;
    const nPlain = view.getUint32(at);
    const nBytes = view.getUint32(at + 4);
    at += 8;
    nTotal += nPlain;
    if (nBytes > input.length - at || nTotal > length) return undefined;
    frames.push({ block: input.subarray(at, at + nBytes), nPlain });
    at += nBytes;
  }
  return nTotal === length ? frames : undefined;
}

/** Decodes a block to `output` from `to` on and gives the offset behind the last byte. */
function decodeBlock(input: Uint8Array, output: Uint8Array, to: number): number {
  const cursor = { at: 0 };
  while (cursor.at < input.length) {
    const token = input[cursor.at++]!;
    const nLiterals = readLength(input, cursor, token >> 4);
    if (nLiterals > input.length - cursor.at || nLiterals > output.length - to) throw new Damage('a page is not LZ4');
    output.set(input.subarray(cursor.at, cursor.at + nLiterals), to);
    to += nLiterals;
    cursor.at += nLiterals;
    // The last sequence has literals only.
    if (cursor.at >= input.length) break;
    const distance = input[cursor.at]! | ((input[cursor.at + 1] ?? 0) << 8);
    cursor.at += 2;
    const nCopied = readLength(input, cursor, token & 15) + 4;
    if (distance === 0 || distance > to || nCopied > output.length - to) throw new Damage('a page is not LZ4');
    // Byte by byte: a copy may reach into itself.
    for (let i = 0; i < nCopied; i++, to++) output[to] = output[to - distance]!;
  }
  return to;
}

/** A length of four bits, continued in bytes while they are 255. */
function readLength(input: Uint8Array, cursor: { at: number }, length: number): number {
  if (length < 15) return length;
  for (let byte = 255; byte === 255;) {
    byte = input[cursor.at++] ?? 0;
    length += byte;
  }
  return length;
}
