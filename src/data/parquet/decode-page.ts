import type { SchemaElement } from 'hyparquet';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { decompress } from './codecs.ts';
import type { Codec } from './codecs.ts';
import { Damage } from './damage.ts';
import { readDeltaLengths, readDeltaStrings, readDeltas } from './delta.ts';
import type { Encoding } from './page-header.ts';
import type { ParquetPage } from './pages.ts';
import { readRuns } from './runs.ts';
import { byteStringValues, cached, convertedValues, lookUp, plainValues, widthOf, withNulls } from './values.ts';
import type { Values } from './values.ts';

/** What all pages of a flat column have in common. */
export interface PageContext {
  readonly element: SchemaElement;
  readonly codec: Codec;
  readonly dictionary: Values | undefined;
}

/** The values of a dictionary page. @throws Damage, and the codecs' errors */
export function decodeDictionary(
  bytes: Uint8Array,
  { header, start, end }: ParquetPage<'dictionary'>,
  context: PageContext,
): Values {
  const page = decompress(context.codec, bytes.subarray(start, end), header.nBytesPlain);
  return cached(plainValues(page, header.nValues, context.element));
}

/** A value for each row of a data page, null where there is none. @throws Damage, and the codecs' errors */
export function decodePage(
  bytes: Uint8Array,
  { header, start, end }: ParquetPage<'data'>,
  context: PageContext,
): Values {
  const { element, codec } = context;
  const hasNulls = element.repetition_type !== 'REQUIRED';
  const { nValues } = header;
  if (header.version === 1) {
    const page = decompress(codec, bytes.subarray(start, end), header.nBytesPlain);
    if (!hasNulls) return decodeValues(page, nValues, header.encoding, context);
    if (page.length < 4) throw new Damage('a page has fewer values than it says');
    const nLevelBytes = new DataView(page.buffer, page.byteOffset).getUint32(0, true);
    if (nLevelBytes > page.length - 4) throw new Damage('a page has fewer values than it says');
    const levels = readLevels(page.subarray(4, 4 + nLevelBytes), nValues);
    return withNulls(levels, decodeValues(page.subarray(4 + nLevelBytes), countOnes(levels), header.encoding, context));
  }
  const { nRepetitionBytes, nDefinitionBytes, isCompressed } = header;
  const valuesStart = start + nRepetitionBytes + nDefinitionBytes;
  const nBytesPlain = header.nBytesPlain - nRepetitionBytes - nDefinitionBytes;
  if (valuesStart > end || nBytesPlain < 0) throw new Damage('a page has more levels than bytes');
  const page = decompress(isCompressed ? codec : 'UNCOMPRESSED', bytes.subarray(valuesStart, end), nBytesPlain);
  if (!hasNulls) return decodeValues(page, nValues, header.encoding, context);
  const levels = readLevels(bytes.subarray(start + nRepetitionBytes, valuesStart), nValues);
  return withNulls(levels, decodeValues(page, countOnes(levels), header.encoding, context));
}

function readLevels(bytes: Uint8Array, n: number): Uint8Array {
  const levels = new Uint8Array(n);
  readRuns(bytes, 0, 1, levels);
  return levels;
}

function countOnes(levels: Uint8Array): number {
  let n = 0;
  for (const level of levels) if (level === 1) n++;
  return n;
}

/** How `n` values are read from the bytes of a page that hold nothing else. */
const DECODERS: Readonly<Record<Encoding, (page: Uint8Array, n: number, context: PageContext) => Values>> = {
  plain: (page, n, { element }) => plainValues(page, n, element),
  dictionary: (page, n, { dictionary }) => {
    const indices = new Uint32Array(n);
    readRuns(page, 1, page[0] ?? 0, indices);
    return lookUp(indices, dictionary);
  },
  rle: (page, n, { element }) => {
    requireType(element, ['BOOLEAN']);
    const bits = new Uint8Array(n);
    // A length of four bytes stands in front.
    readRuns(page, 4, 1, bits);
    return { length: n, at: (index) => bits[index] === 1 };
  },
  'delta-binary': (page, n, { element }) => {
    requireType(element, ['INT32', 'INT64']);
    return convertedValues(readDeltas({ bytes: page, at: 0 }, n, element.type === 'INT64'), element);
  },
  'delta-length': (page, n, { element }) => {
    requireType(element, ['BYTE_ARRAY']);
    return byteStringValues(readDeltaLengths({ bytes: page, at: 0 }, n), element);
  },
  'delta-strings': (page, n, { element }) => {
    requireType(element, ['BYTE_ARRAY']);
    return byteStringValues(readDeltaStrings({ bytes: page, at: 0 }, n), element);
  },
  'byte-stream-split': (page, n, { element }) => {
    requireType(element, ['INT32', 'INT64', 'FLOAT', 'DOUBLE', 'FIXED_LEN_BYTE_ARRAY']);
    if (n * widthOf(element)! > page.length) throw new Damage('a page has fewer values than it says');
    const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
    return convertedValues(byteStreamSplit(reader, n, element.type!, element.type_length), element);
  },
};

function decodeValues(page: Uint8Array, n: number, encoding: Encoding, context: PageContext): Values {
  // Nothing has to be there for no values: not even the first bytes that an encoding begins with.
  return n === 0 ? { length: 0, at: () => undefined } : DECODERS[encoding](page, n, context);
}

function requireType({ type }: SchemaElement, types: readonly string[]): void {
  if (type === undefined || !types.includes(type))
    throw new Damage(`a page has values of the type ${type} in an encoding that it has not`);
}
