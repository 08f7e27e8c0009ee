import type { ParquetType, SchemaElement } from 'hyparquet';
import { DEFAULT_PARSERS, convert } from 'hyparquet/src/convert.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { Damage } from './damage.ts';

/** Values of a page or a dictionary. Texts become strings when they are asked for, not before. */
export interface Values {
  readonly length: number;
  at(index: number): unknown;
}

/** Stretches of bytes: the i-th runs from `starts[i]` to `ends[i]`. */
export interface ByteStrings {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Bytes of a value in the plain encoding; booleans are bits, texts have a length in front. */
const WIDTHS: Partial<Record<ParquetType, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

/** Annotations of byte strings that are no text: what they hold is shown as bytes. */
const NOT_TEXT = ['BSON', 'INTERVAL', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY'];

/** Bytes of a fixed-width value, or undefined for a type of other form. @throws Damage for a width that the schema lacks */
export function widthOf({ type, type_length: length }: SchemaElement): number | undefined {
  if (type !== 'FIXED_LEN_BYTE_ARRAY') return type === undefined ? undefined : WIDTHS[type];
  if (length === undefined || length <= 0) throw new Damage('its schema has a type of fixed length without a length');
  return length;
}

/** Reads `n` values in the plain encoding. @throws Damage when there are fewer */
export function plainValues(bytes: Uint8Array, n: number, element: SchemaElement): Values {
  if (element.type === undefined) throw new Damage('its schema has a column of unknown type');
  if (element.type === 'BYTE_ARRAY') return byteStringValues(prefixedStrings(bytes, n), element);
  const width = widthOf(element);
  const nBytes = width === undefined ? Math.ceil(n / 8) : n * width;
  if (nBytes > bytes.length) throw new Damage('a page has fewer values than it says');
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  return convertedValues(readPlain(reader, element.type, n, element.type_length), element);
}

/** Values of a number or fixed-width type, as their logical type has them: numbers, big integers, dates, texts of UUIDs. */
export function convertedValues(values: ArrayLike<unknown>, element: SchemaElement): Values {
  if (isNoText(element)) return arrayValues(values);
  const columnDecoder = { element, parsers: DEFAULT_PARSERS } as Parameters<typeof convert>[1];
  return arrayValues(convert(values as Parameters<typeof convert>[0], columnDecoder));
}

/** Values of byte strings: texts, decimal numbers, or bytes that are neither. */
export function byteStringValues(strings: ByteStrings, element: SchemaElement): Values {
  const { bytes, starts, ends } = strings;
  const slice = (index: number): Uint8Array => bytes.subarray(starts[index], ends[index]);
  if (element.converted_type === 'DECIMAL') {
    return convertedValues(
      Array.from({ length: starts.length }, (_, i) => slice(i)),
      element,
    );
  }
  if (isNoText(element)) return { length: starts.length, at: slice };
  const decoder = new TextDecoder();
  return { length: starts.length, at: (index) => decoder.decode(slice(index)) };
}

/** A dictionary's values, each made once however often it is looked up. */
export function cached(values: Values): Values {
  const made = new Array<unknown>(values.length);
  return { length: values.length, at: (index) => (made[index] ??= values.at(index)) };
}

/** Values at the places that `indices` name. @throws Damage for a place that there is not */
export function lookUp(indices: Uint32Array | Uint8Array, dictionary: Values | undefined): Values {
  if (dictionary === undefined) throw new Damage('a page points into a dictionary that is not there');
  for (const index of indices) {
    if (index >= dictionary.length) {
      throw new Damage(`a page points to entry ${index} of a dictionary of ${dictionary.length}`);
    }
  }
  return { length: indices.length, at: (index) => dictionary.at(indices[index]!) };
}

/** A value for each row: null where `levels` has 0, else the next one. @throws Damage when there are more or fewer */
export function withNulls(levels: Uint8Array, values: Values): Values {
  const placeOf = new Uint32Array(levels.length);
  let n = 0;
  for (let row = 0; row < levels.length; row++) placeOf[row] = levels[row] === 1 ? n++ : NO_VALUE;
  if (n !== values.length) throw new Damage(`a page has ${values.length} values for ${n} rows that are not null`);
  return { length: levels.length, at: (row) => (placeOf[row] === NO_VALUE ? null : values.at(placeOf[row]!)) };
}

const NO_VALUE = 2 ** 32 - 1;

function arrayValues(values: ArrayLike<unknown>): Values {
  return { length: values.length, at: (index) => values[index] };
}

function isNoText({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return NOT_TEXT.includes(converted ?? '') || NOT_TEXT.includes(logical?.type ?? '');
}

/** Byte strings with a length of four bytes in front of each. */
function prefixedStrings(bytes: Uint8Array, n: number): ByteStrings {
  if (n > bytes.length / 4) throw new Damage('a page has fewer values than it says');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = new Uint32Array(n);
  const ends = new Uint32Array(n);
  for (let i = 0, at = 0; i < n; i++) {
    if (bytes.length - at < 4) throw new Damage('a page has fewer values than it says');
    const start = at + 4;
    const end = start + view.getUint32(at, true);
    if (end > bytes.length)
      throw new Damage(`a page has a text of ${end - start} bytes where ${bytes.length - start} are left`);
    starts[i] = start;
    ends[i] = at = end;
  }
  return { bytes, starts, ends };
}
