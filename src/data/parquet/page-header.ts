import { Damage } from './damage.ts';
import { readStruct } from './thrift.ts';
import type { ThriftCursor, ThriftStruct } from './thrift.ts';

/** What stands before the bytes of a page. Counts and sizes are whole numbers from 0 on; they may still be lies. */
export type PageHeader = {
  /** Bytes of the page in the file, after the header. */
  readonly nBytes: number;
  /** Bytes of the page once decompressed. */
  readonly nBytesPlain: number;
} & (
  | { readonly kind: 'dictionary'; readonly nValues: number; readonly encoding: Encoding }
  | ({ readonly kind: 'data'; readonly nValues: number; readonly encoding: Encoding } & DataPage)
  | { readonly kind: 'other' }
);

/** The two versions of data pages: in the second, definition levels stand uncompressed before the values. */
type DataPage =
  | { readonly version: 1 }
  | {
      readonly version: 2;
      readonly nNulls: number;
      readonly nRepetitionBytes: number;
      readonly nDefinitionBytes: number;
      readonly isCompressed: boolean;
    };

/** Encodings by their number in the format; the others are deprecated or for no flat column. */
const ENCODINGS = {
  0: 'plain',
  2: 'dictionary',
  3: 'rle',
  5: 'delta-binary',
  6: 'delta-length',
  7: 'delta-strings',
  8: 'dictionary',
  9: 'byte-stream-split',
} as const;
export type Encoding = (typeof ENCODINGS)[keyof typeof ENCODINGS];

/** Definition levels of version 1 in the only encoding that is not deprecated. */
const LEVELS_RLE = 3;
/** A header has some twenty values, and statistics. */
const MAX_VALUES = 1000;

/** Reads the header at `at`; `end` is where the page's bytes begin. @throws Damage */
export function readPageHeader(bytes: Uint8Array, at: number): { header: PageHeader; end: number } {
  const cursor: ThriftCursor = { bytes, at, nLeft: MAX_VALUES };
  const fields = readStruct(cursor);
  const sizes = { nBytes: count(fields, 3, 'size'), nBytesPlain: count(fields, 2, 'size') };
  return { header: { ...sizes, ...readKind(fields) }, end: cursor.at };
}

type Kind = PageHeader extends infer H ? (H extends unknown ? Omit<H, 'nBytes' | 'nBytesPlain'> : never) : never;

function readKind(fields: ThriftStruct): Kind {
  switch (fields.get(1)) {
    case 0: {
      const page = struct(fields, 5);
      if (page.get(3) !== LEVELS_RLE) throw new Damage('a page has definition levels in an unknown encoding');
      return { kind: 'data', version: 1, ...valuesOf(page, 2) };
    }
    case 2:
      return { kind: 'dictionary', ...valuesOf(struct(fields, 7), 2) };
    case 3: {
      const page = struct(fields, 8);
      return {
        kind: 'data',
        version: 2,
        ...valuesOf(page, 4),
        nNulls: count(page, 2, 'number of nulls'),
        nRepetitionBytes: count(page, 6, 'size'),
        nDefinitionBytes: count(page, 5, 'size'),
        isCompressed: page.get(7) !== false,
      };
    }
    default:
      return { kind: 'other' };
  }
}

function valuesOf(page: ThriftStruct, encodingField: number): { nValues: number; encoding: Encoding } {
  const found = page.get(encodingField);
  const encoding =
    typeof found === 'number' && Object.hasOwn(ENCODINGS, found)
      ? ENCODINGS[found as keyof typeof ENCODINGS]
      : undefined;
  if (encoding === undefined)
    throw new Damage(`a page has values in the unknown encoding ${typeof found === 'number' ? found : '(none)'}`);
  return { nValues: count(page, 1, 'number of values'), encoding };
}

function struct(fields: ThriftStruct, id: number): ThriftStruct {
  const value = fields.get(id);
  if (value instanceof Map) return value;
  throw new Damage('a page has no header of its type');
}

function count(fields: ThriftStruct, id: number, what: string): number {
  const value = fields.get(id);
  if (typeof value === 'number' && value >= 0 && value < 2 ** 31) return value;
  throw new Damage(`a page has the ${what} ${typeof value === 'number' ? value : '(none)'}`);
}
