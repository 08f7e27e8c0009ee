import { Damage } from '../damage.ts';
import { openBits, peekBits } from './bits.ts';
import { firstState, nextState, readTable } from './fse.ts';

/** A Huffman code as a table: for each value of the next `nBits` bits the symbol and the bits that it takes. */
export interface HuffmanTable {
  readonly nBits: number;
  readonly symbols: Uint8Array;
  readonly lengths: Uint8Array;
}

const MAX_LITERALS = 2 ** 17;
const MAX_CODE_BITS = 11;
const TYPE = { raw: 0, runLength: 1, treeless: 3 };

/** The literals of a block, the table for the next block, and the offset behind them. */
interface Literals {
  readonly literals: Uint8Array;
  readonly table: HuffmanTable | undefined;
  readonly end: number;
}

/** Reads the literals section that a block begins with (RFC 8878, 3.1.1.3.1); `before` is the table of the block before. @throws Damage */
export function readLiterals(block: Uint8Array, before: HuffmanTable | undefined): Literals {
  const type = block[0]! & 3;
  const format = (block[0]! >> 2) & 3;
  if (type === TYPE.raw || type === TYPE.runLength) {
    const nHead = [1, 2, 1, 3][format]!;
    const size = Math.floor(littleEndian(block, nHead) / (nHead === 1 ? 8 : 16));
    const end = nHead + (type === TYPE.raw ? size : 1);
    if (end > block.length || size > MAX_LITERALS) throw new Damage('a page of Zstandard has more literals than bytes');
    const literals = type === TYPE.raw ? block.subarray(nHead, end) : new Uint8Array(size).fill(block[nHead]!);
    return { literals, table: before, end };
  }
  const nHead = [3, 3, 4, 5][format]!;
  const nSizeBits = [10, 10, 14, 18][format]!;
  const sizes = Math.floor(littleEndian(block, nHead) / 16);
  const size = sizes % 2 ** nSizeBits;
  const end = nHead + Math.floor(sizes / 2 ** nSizeBits);
  if (end > block.length || size > MAX_LITERALS) throw new Damage('a page of Zstandard has more literals than bytes');
  const bytes = block.subarray(nHead, end);
  const tree = type === TYPE.treeless ? { table: before, end: 0 } : readTree(bytes);
  if (tree.table === undefined) throw new Damage('a page of Zstandard refers to a table that is not there');
  const literals = new Uint8Array(size);
  decodeStreams(bytes.subarray(tree.end), format === 0 ? 1 : 4, tree.table, literals);
  return { literals, table: tree.table, end };
}

function decodeStreams(bytes: Uint8Array, nStreams: number, table: HuffmanTable, out: Uint8Array): void {
  if (nStreams === 1) {
    decodeStream(bytes, table, out);
    return;
  }
  const nEach = Math.floor((out.length + 3) / 4);
  let at = 6;
  for (let i = 0; i < 4; i++) {
    const nBytes = i < 3 ? littleEndian(bytes.subarray(2 * i), 2) : bytes.length - at;
    if (nBytes <= 0 || at + nBytes > bytes.length) throw new Damage('a page of Zstandard has more literals than bytes');
    decodeStream(bytes.subarray(at, at + nBytes), table, out.subarray(i * nEach, i < 3 ? (i + 1) * nEach : out.length));
    at += nBytes;
  }
}

function decodeStream(bytes: Uint8Array, { nBits, symbols, lengths }: HuffmanTable, out: Uint8Array): void {
  const bits = openBits(bytes);
  for (let i = 0; i < out.length; i++) {
    const code = peekBits(bits, nBits);
    out[i] = symbols[code]!;
    bits.nLeft -= lengths[code]!;
  }
  if (bits.nLeft !== 0) throw new Damage('a page of Zstandard has literals of another length than it says');
}

/** Reads the description of a Huffman code: weights of its symbols, four bits each or compressed. */
function readTree(bytes: Uint8Array): { table: HuffmanTable; end: number } {
  const head = bytes[0] ?? 0;
  const nPacked = head - 127;
  const end = 1 + (head < 128 ? head : Math.ceil(nPacked / 2));
  if (end > bytes.length) throw new Damage('a page of Zstandard ends early');
  const weights =
    head < 128
      ? readWeights(bytes.subarray(1, end))
      : Array.from({ length: nPacked }, (_, i) => (bytes[1 + (i >> 1)]! >> (i % 2 === 0 ? 4 : 0)) & 15);
  return { table: buildHuffman(weights), end };
}

/** Weights in two streams of states that take turns; the last symbols have no bits behind them. */
function readWeights(bytes: Uint8Array): number[] {
  const { table, end } = readTable(bytes, 0, { log: 6, symbol: 15 });
  const bits = openBits(bytes.subarray(end));
  const states = [firstState(table, bits), firstState(table, bits)];
  const weights: number[] = [];
  for (let turn = 0; ; turn = 1 - turn) {
    weights.push(table.symbols[states[turn]!]!);
    states[turn] = nextState(table, states[turn]!, bits);
    if (bits.nLeft < 0) {
      weights.push(table.symbols[states[1 - turn]!]!);
      return weights;
    }
    if (weights.length > 255) throw new Damage('a page of Zstandard has a code of too many symbols');
  }
}

/** A symbol of weight w has 2^(w − 1) of the table's places; the last symbol's weight is what is missing to a power of two. */
function buildHuffman(weights: number[]): HuffmanTable {
  const sum = weights.reduce((total, weight) => total + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
  const nBits = 32 - Math.clz32(sum);
  const missing = 2 ** nBits - sum;
  if (sum === 0 || nBits > MAX_CODE_BITS || (missing & (missing - 1)) !== 0 || weights.length > 255) {
    throw new Damage('a page of Zstandard has a code that cannot be');
  }
  const all = [...weights, 32 - Math.clz32(missing)];
  const symbols = new Uint8Array(2 ** nBits);
  const lengths = new Uint8Array(2 ** nBits);
  let at = 0;
  for (let weight = 1; weight <= nBits; weight++) {
    all.forEach((each, symbol) => {
      if (each !== weight) return;
      const next = at + 2 ** (weight - 1);
      symbols.fill(symbol, at, next);
      lengths.fill(nBits + 1 - weight, at, next);
      at = next;
    });
  }
  return { nBits, symbols, lengths };
}

function littleEndian(bytes: Uint8Array, n: number): number {
  let value = 0;
  for (let i = n - 1; i >= 0; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
