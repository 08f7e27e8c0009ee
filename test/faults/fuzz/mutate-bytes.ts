import type { Draw } from './draw.ts';
import { ODD_KEYS, ODD_NUMBERS, ODD_TEXTS } from './words.ts';

/** What a mutation may draw on besides the bytes themselves. */
export interface Material {
  /** Other valid inputs of the same kind. */
  readonly others: readonly Uint8Array[];
  /** Tokens that mean something in the format. */
  readonly words: readonly string[];
  /** Most bytes that come out. */
  readonly limit: number;
}

type Operator = (bytes: Uint8Array, draw: Draw, material: Material) => Uint8Array;

const encoder = new TextEncoder();
/** Latin-1: a text of as many characters as there are bytes, for searching in them. */
const latin = new TextDecoder('latin1');

/** Bytes that end, open or escape something, and those around the sign bit. */
const ODD_BYTES = [0, 1, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xff];
/** What opens a level, over and over. */
const OPENERS = ['[', '{"a":', '[[', '- ', '? ', '(', '<', '"', "'", '&a ', 'a: [', '{a: ', '\n ', '}', ']'];

/** Every way of changing bytes. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  flipBit: (bytes, draw) =>
    changed(bytes, draw, (copy, at) => void (copy[at] = copy[at]! ^ (1 << draw.nextBelow(8))), 1 + draw.nextBelow(3)),
  setByte: (bytes, draw) =>
    changed(bytes, draw, (copy, at) => void (copy[at] = draw.oneOf(ODD_BYTES)), 1 + draw.nextBelow(4)),
  addToByte: (bytes, draw) =>
    changed(bytes, draw, (copy, at) => void (copy[at] = copy[at]! + draw.oneOf([1, 2, 16, -1, -2])), 1),
  integer: (bytes, draw) => changed(bytes, draw, (copy, at) => writeInteger(copy, at, draw), 1),
  truncate: (bytes, draw) => bytes.subarray(0, draw.nextBelow(bytes.length + 1)),
  cutStart: (bytes, draw) => bytes.subarray(draw.nextBelow(bytes.length + 1)),
  remove: (bytes, draw) => {
    const [start, end] = chunk(bytes, draw);
    return join(bytes.subarray(0, start), bytes.subarray(end));
  },
  duplicate: (bytes, draw) => {
    const [start, end] = chunk(bytes, draw);
    return join(bytes.subarray(0, end), bytes.subarray(start));
  },
  swap: (bytes, draw) => {
    const [a, b] = chunk(bytes, draw);
    const [c, d] = chunk(bytes.subarray(b), draw).map((at) => at + b) as [number, number];
    return join(
      bytes.subarray(0, a),
      bytes.subarray(c, d),
      bytes.subarray(b, c),
      bytes.subarray(a, b),
      bytes.subarray(d),
    );
  },
  repeat: (bytes, draw, { limit }) => {
    const [start, end] = chunk(bytes, draw);
    const room = Math.max(0, limit - bytes.length);
    const n = Math.min(draw.oneOf([3, 30, 300, 3000, 30_000]), Math.floor(room / Math.max(1, end - start)));
    const piece = bytes.subarray(start, end);
    return join(bytes.subarray(0, end), ...Array.from({ length: n }, () => piece), bytes.subarray(end));
  },
  splice: (bytes, draw, { others }) => {
    const other = draw.oneOf(others);
    return join(bytes.subarray(0, draw.nextBelow(bytes.length + 1)), other.subarray(draw.nextBelow(other.length + 1)));
  },
  word: (bytes, draw, { words }) => {
    const all =
      draw.happens(0.6) && words.length > 0 ? words : draw.oneOf<readonly string[]>([ODD_KEYS, ODD_TEXTS, ODD_NUMBERS]);
    return inserted(bytes, draw, encoder.encode(draw.oneOf(all)));
  },
  printedNumber: (bytes, draw) => {
    const found = [...latin.decode(bytes.subarray(0, 1 << 16)).matchAll(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi)];
    if (found.length === 0) return bytes;
    const { index, 0: text } = draw.oneOf(found);
    const number = encoder.encode(draw.oneOf(ODD_NUMBERS));
    return join(bytes.subarray(0, index), number, bytes.subarray(index + text.length));
  },
  nest: (bytes, draw, { limit }) => {
    const opener = draw.oneOf(OPENERS);
    const room = Math.floor(Math.max(0, limit - bytes.length) / opener.length);
    return inserted(bytes, draw, encoder.encode(opener.repeat(Math.min(room, draw.oneOf([10, 100, 1000, 10_000])))));
  },
};

/** The bytes after one to four changes. */
export function mutateBytes(bytes: Uint8Array, draw: Draw, material: Material): Uint8Array {
  let result = bytes;
  for (let n = draw.oneOf([1, 1, 1, 2, 3, 4]); n > 0; n--) {
    result = OPERATORS[draw.oneOf(Object.keys(OPERATORS))]!(result, draw, material);
  }
  return result.subarray(0, material.limit);
}

/** One after the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function changed(
  bytes: Uint8Array,
  draw: Draw,
  change: (copy: Uint8Array, at: number) => void,
  times: number,
): Uint8Array {
  if (bytes.length === 0) return bytes;
  const copy = Uint8Array.from(bytes);
  for (let n = times; n > 0; n--) change(copy, draw.nextBelow(copy.length));
  return copy;
}

function inserted(bytes: Uint8Array, draw: Draw, piece: Uint8Array): Uint8Array {
  const at = draw.nextBelow(bytes.length + 1);
  return join(bytes.subarray(0, at), piece, bytes.subarray(at));
}

/** Start and end of a piece, short ones more often than long ones. */
function chunk(bytes: Uint8Array, draw: Draw): [number, number] {
  const start = draw.nextBelow(bytes.length + 1);
  const longest = Math.min(bytes.length - start, draw.oneOf([4, 32, 256, 4096]));
  return [start, start + draw.nextBelow(longest + 1)];
}

/** An extreme integer of 2, 4 or 8 bytes in either byte order. */
function writeInteger(bytes: Uint8Array, at: number, draw: Draw): void {
  const size = draw.oneOf([2, 4, 8]);
  const value = draw.oneOf([
    0n,
    1n,
    0x7fffn,
    0x7fffffffn,
    0x80000000n,
    0xffffffffn,
    2n ** 53n,
    2n ** 63n - 1n,
    2n ** 64n - 1n,
  ]);
  const isLittle = draw.happens(0.7);
  for (let i = 0; i < size && at + i < bytes.length; i++) {
    bytes[at + i] = Number((value >> BigInt(8 * (isLittle ? i : size - 1 - i))) & 255n);
  }
}
