/** Parquet files whose numbers lie, each with the words of the problem that it has to be. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  CODEC,
  ENCODING,
  TYPE,
  dataPage,
  dataPageV2,
  dictionaryPage,
  i32,
  i64,
  list,
  page,
  parquetFile,
  plainTexts,
  struct,
  text,
  varint,
} from './parquet-file.ts';
import type { Column, FileOptions, PageOptions, Thrift } from './parquet-file.ts';

const BILLION = 10 ** 9;

/** Three texts in one page, and what is wrong with the column or the file. */
function three(column: Partial<Column> = {}, options: FileOptions = {}): Buffer {
  return parquetFile(3, [{ name: 'query', pages: [dataPage(3, plainTexts('a', 'b', 'c'))], ...column }], options);
}

/** One page with these values. */
function onePage(nRows: number, body: Buffer, options: PageOptions = {}, column: Partial<Column> = {}): Buffer {
  return parquetFile(nRows, [{ name: 'query', pages: [dataPage(nRows, body, options)], ...column }]);
}

/** A page of one codec that says how long it is once decompressed. */
const packed = (codec: number, body: Buffer, nBytesPlain: number): Buffer =>
  onePage(3, body, { nBytesPlain }, { codec });

/** A footer of these bytes behind no data at all. */
function footerOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('PAR1'), bytes, length, Buffer.from('PAR1')]);
}

/** A column with a dictionary of two texts. */
function withDictionary(indices: Buffer, { first = dictionaryPage(2, plainTexts('a', 'b')) } = {}): Buffer {
  return parquetFile(3, [{ name: 'query', pages: [first, dataPage(3, indices, { encoding: ENCODING.dictionary })] }]);
}

/** A run of `n` values of a byte each. */
const run = (n: number, value: number): Buffer => Buffer.concat([varint(n * 2), Buffer.of(value)]);
const packedGroups = (n: number): Buffer => varint(n * 2 + 1);

const element = (fields: Readonly<Record<number, Thrift | undefined>>): Thrift => struct(fields);
const schema = (...elements: readonly Thrift[]): FileOptions => ({ footer: { 2: list(elements) } });
const root = (nChildren: number): Thrift => element({ 4: text('schema'), 5: i32(nChildren) });

/** A list in a list in a list, each of which says it has 33 million elements. */
const nestedLists = Buffer.concat([
  Buffer.of(0x59),
  ...Array.from({ length: 24 }, () => Buffer.concat([Buffer.of(0xf9), varint(2 ** 25 - 1)])),
  Buffer.alloc(64),
]);
/** The header of differences: values of a block, parts of a block, values, first value. */
const deltas = (block: number | bigint, nParts: number | bigint, ...rest: readonly Buffer[]): Buffer =>
  Buffer.concat([varint(block), varint(nParts), varint(3), varint(0), ...rest, Buffer.alloc(64)]);
/** Differences that are all 0: every value is the first. */
const constant = (n: number, first: number): Buffer =>
  Buffer.concat([
    varint(128),
    varint(4),
    varint(n),
    varint(first * 2),
    ...Array.from({ length: Math.ceil((n - 1) / 128) }, () => Buffer.alloc(5)),
  ]);
/** Differences that are all 1. */
const counting = (n: number): Buffer =>
  Buffer.concat([
    varint(128),
    varint(4),
    varint(n),
    varint(0),
    ...Array.from({ length: Math.ceil((n - 1) / 128) }, () => Buffer.from([2, 0, 0, 0, 0])),
  ]);

/** Zstandard: a frame whose blocks are runs of a byte, `nBlocks` times 128 KB. */
function zstdRuns(nBlocks: number): Buffer {
  const block = (isLast: boolean): Buffer => {
    const head = ((2 ** 17) << 3) | (1 << 1) | Number(isLast);
    return Buffer.from([head & 255, (head >> 8) & 255, (head >> 16) & 255, 7]);
  };
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]),
    ...Array.from({ length: nBlocks }, (_, i) => block(i === nBlocks - 1)),
  ]);
}
/** Zstandard: a frame that says its content has 2 GB. */
const zstdSize = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]),
  Buffer.from([0, 0, 0, 0x7f]),
  Buffer.from([1, 0, 0]),
]);

/** Zstandard: a block of 13 bytes that claims 98,047 sequences of 65,539 bytes each. */
const zstdSequences = Buffer.from([
  ...[0x28, 0xb5, 0x2f, 0xfd, 0, 0x38],
  ...[0x4d, 0, 0],
  ...[0, 255, 255, 255, 0x54, 0, 0, 52, 1],
]);

const big = Buffer.alloc(2 ** 20, 7);
/** A block of LZ4 that is five literals: the text "a" in the plain encoding. */
const lz4Literals = Buffer.concat([Buffer.of(0x50), plainTexts('a')]);
/** One of Hadoop's frames: the length of its content, of its block, and the block. */
const lz4Frame = Buffer.concat([Buffer.from([0, 0, 0, 5, 0, 0, 0, 6]), lz4Literals]);

export const HOSTILE: Readonly<Record<string, readonly [file: Buffer, problem: RegExp]>> = {
  // The footer: counts of rows and row groups.
  'a billion rows': [
    three({}, { footer: { 3: i64(BILLION) }, group: { 3: i64(BILLION) } }),
    /claims 1000000000 rows, and the whole file has/,
  ],
  'a billion rows in all': [
    three({}, { footer: { 3: i64(BILLION) } }),
    /claims 1000000000 rows, and its row groups have 3/,
  ],
  'a million rows': [
    three({}, { footer: { 3: i64(10 ** 6) }, group: { 3: i64(10 ** 6) } }),
    /its pages have 3 values for 1000000 rows/,
  ],
  'rows below zero': [three({}, { footer: { 3: i64(-3) }, group: { 3: i64(-3) } }), /number of rows is -3/],
  'rows beyond 2^53': [three({}, { footer: { 3: i64(2n ** 62n) } }), /number of rows is 4611686018427387904/],
  'no number of rows': [three({}, { footer: { 3: undefined } }), /number of rows is missing/],
  'row groups on the same bytes': [
    three({}, { groups: [3, 3], footer: { 3: i64(6) } }),
    /"query" in its row group 2 lies on the bytes of another/,
  ],
  'no columns in a row group': [three({}, { group: { 1: list([]) } }), /has 0 columns, and the schema has 1/],
  // The footer: places of columns.
  'an offset below zero': [
    three({ meta: { 9: i64(-4) } }),
    /the offset of the column "query" in its row group 1 is -4/,
  ],
  'an offset beyond the file': [three({ meta: { 9: i64(10 ** 6) } }), /said to be at bytes 1000000 to/],
  'an offset of 2^62': [
    three({ meta: { 9: i64(2n ** 62n) } }),
    /the offset of the column "query" .* is 4611686018427387904/,
  ],
  'a size beyond the file': [three({ meta: { 7: i64(10 ** 6) } }), /said to be at bytes 4 to 1000004/],
  'a size of 2^31': [three({ meta: { 7: i64(2 ** 31) } }), /said to be at bytes 4 to 2147483652/],
  'a size of -1': [three({ meta: { 7: i64(-1) } }), /the size of the column "query" in its row group 1 is -1/],
  'a size of 0': [three({ meta: { 7: i64(0) } }), /its pages have 0 values for 3 rows/],
  'a dictionary beyond the file': [
    three({ meta: { 9: i64(10 ** 6), 11: i64(10 ** 6) } }),
    /said to be at bytes 1000000/,
  ],
  'a column in another file': [
    three({ chunk: { 1: text('../../etc/passwd') } }),
    /is in another file, "..\/..\/etc\/passwd"/,
  ],
  'a column of another name': [
    three({ meta: { 3: list([text('title')]) } }),
    /"query" in its row group 1: its bytes belong to the column "title"/,
  ],
  'a column of another type': [
    three({ meta: { 1: i32(TYPE.int64) } }),
    /its values have the type INT64, and the schema has BYTE_ARRAY/,
  ],
  'a codec that there is not': [three({ codec: 77 }), /"query" is compressed with an unknown codec/],
  LZO: [three({ codec: 3 }), /"query" is compressed with LZO/],
  // The footer: the schema.
  'no schema': [three({}, { footer: { 2: undefined } }), /footer cannot be decoded/],
  'an empty schema': [three({}, schema()), /schema ends early/],
  'more columns than fields': [
    three({}, schema(root(2 ** 31 - 1), element({ 1: i32(6), 4: text('query') }))),
    /schema ends early/,
  ],
  'fewer columns than fields': [
    three({}, schema(root(0), element({ 1: i32(6), 4: text('query') }))),
    /1 fields that belong to no column/,
  ],
  'columns below zero': [three({}, schema(root(-1))), /number of fields in its schema is -1/],
  'a column without a name': [three({}, schema(root(1), element({ 1: i32(6) }))), /its column 1 has no name/],
  'a column without a type': [three({ element: { 1: i32(99) }, meta: { 1: i32(99) } }), /column of unknown type/],
  'a deep schema': [
    three({}, schema(root(1), ...Array.from({ length: 100_000 }, () => element({ 4: text('x'), 5: i32(1) })))),
    /schema ends early/,
  ],
  'a schema that is a number': [three({}, { footer: { 2: i32(5) } }), /footer cannot be decoded/],
  'a column twice': [
    parquetFile(3, [
      { name: 'query', pages: [dataPage(3, plainTexts('a', 'b', 'c'))] },
      { name: 'query', pages: [dataPage(3, plainTexts('a', 'b', 'c'))] },
    ]),
    /1 columns have the name of another/,
  ],
  'nested lists of 33 million': [footerOf(nestedLists), /a list of 33554431 values in/],
  'a list of 2^31': [
    footerOf(Buffer.concat([Buffer.from([0x29, 0xfc]), varint(2 ** 31), Buffer.alloc(20)])),
    /a list of 2147483648 values in/,
  ],
  'a number of a million bytes': [
    footerOf(Buffer.concat([Buffer.from([0x16]), Buffer.alloc(10 ** 6, 0x80), Buffer.of(0)])),
    /a number of more than 10 bytes/,
  ],
  'nesting without end': [footerOf(Buffer.alloc(10 ** 6, 0x1c)), /nested more than 32 levels deep/],
  'two million empty fields': [
    footerOf(Buffer.concat([Buffer.from([0x29, 0xfc]), varint(2 * 10 ** 6), Buffer.alloc(2 * 10 ** 6 + 1)])),
    /more values than any table needs/,
  ],
  'a footer longer than the file': [three({}, { footerLength: 2 ** 31 }), /footer of 2147483648 bytes does not fit/],
  'a footer that begins in the data': [three({}, { footerLength: 40 }), /./],
  'no footer': [three({}, { footerLength: 0 }), /metadata ends early/],
  // Encryption.
  'an encrypted file': [Buffer.from('PARE0123456789PARE'), /is encrypted/],
  'an encrypted footer': [Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(50), Buffer.from('PARE')]), /is encrypted/],
  'an encrypted column': [three({ chunk: { 8: struct({ 1: struct({}) }) } }), /"query" is encrypted/],
  'a column without metadata': [three({ chunk: { 3: undefined } }), /"query" is encrypted/],
  // Columns that are no column of values.
  'a repeated column': [three({ repetition: 2 }), /"query" holds lists or structures/],
  // Pages: their headers.
  'a page longer than the column': [
    onePage(3, plainTexts('a', 'b', 'c'), { nBytes: 10 ** 6 }),
    /a page of 1000000 bytes stands where 15 are left/,
  ],
  'a page of negative size': [onePage(3, plainTexts('a', 'b', 'c'), { nBytes: -5 }), /a page has the size -5/],
  'a page of a billion values': [
    parquetFile(3, [{ name: 'query', pages: [dataPage(BILLION, plainTexts('a'))] }]),
    /its pages have 1000000000 values for 3 rows/,
  ],
  'a page of -1 values': [
    parquetFile(3, [{ name: 'query', pages: [dataPage(-1, plainTexts('a'))] }]),
    /number of values -1/,
  ],
  'pages of nothing': [
    three({ pages: Array.from({ length: 50_000 }, () => dataPage(0, Buffer.alloc(0))) }),
    /its pages have 0 values for 3 rows/,
  ],
  'an unknown encoding': [onePage(3, plainTexts('a', 'b', 'c'), { encoding: 42 }), /unknown encoding 42/],
  'an encoding of another type': [
    onePage(3, plainTexts('a', 'b', 'c'), { encoding: ENCODING.deltaBinary }),
    /of the type BYTE_ARRAY in an encoding that it has not/,
  ],
  'a page header that never ends': [three({ pages: [Buffer.alloc(10 ** 6, 0x15)] }), /./],
  'a page without its header': [
    three({ pages: [page({ 1: i32(0), 2: i32(0), 3: i32(0) }, Buffer.alloc(0))] }),
    /no header of its type/,
  ],
  'two dictionaries': [
    three({ pages: [dictionaryPage(1, plainTexts('a')), dictionaryPage(1, plainTexts('a'))] }),
    /a dictionary stands behind other pages/,
  ],
  // Pages: what is in them.
  'a text longer than its page': [
    onePage(3, Buffer.from([255, 255, 255, 127, 97, 98, 99, 100, 101, 102, 103, 104])),
    /text of 2147483647 bytes where 8 are left/,
  ],
  'texts that are not there': [onePage(3, plainTexts('a')), /fewer values than it says/],
  'numbers that are not there': [onePage(3, Buffer.alloc(8), {}, { type: TYPE.int64 }), /fewer values than it says/],
  'a fixed length of 2^31 - 1': [
    onePage(3, Buffer.alloc(8), {}, { type: TYPE.fixed, element: { 2: i32(2 ** 31 - 1) } }),
    /fewer values than it says/,
  ],
  'split bytes of a fixed length': [
    onePage(3, Buffer.alloc(8), { encoding: ENCODING.split }, { type: TYPE.fixed, element: { 2: i32(2 ** 31 - 1) } }),
    /fewer values than it says/,
  ],
  'a fixed length of nothing': [onePage(3, Buffer.alloc(8), {}, { type: TYPE.fixed }), /fixed length without a length/],
  'levels of a billion': [
    parquetFile(3, [
      { name: 'query', repetition: 1, pages: [dataPageV2(3, 0, run(BILLION, 1), plainTexts('a', 'b'))] },
    ]),
    /fewer values than it says/,
  ],
  'levels longer than the page': [
    onePage(3, Buffer.from([255, 255, 255, 255, 0]), {}, { repetition: 1 }),
    /fewer values than it says/,
  ],
  'entries of a billion': [
    withDictionary(Buffer.concat([Buffer.of(8), run(BILLION, 9)])),
    /entry 9 of a dictionary of 2/,
  ],
  'packed entries of 2^31': [
    withDictionary(Buffer.concat([Buffer.of(1), packedGroups(2 ** 30)])),
    /fewer values than it says/,
  ],
  'an entry beyond the dictionary': [
    withDictionary(Buffer.concat([Buffer.of(8), run(3, 2)])),
    /entry 2 of a dictionary of 2/,
  ],
  'entries of 200 bits': [withDictionary(Buffer.concat([Buffer.of(200), run(3, 1)])), /values of 200 bits/],
  'entries without a dictionary': [
    onePage(3, Buffer.concat([Buffer.of(8), run(3, 1)]), { encoding: ENCODING.dictionary }),
    /a dictionary that is not there/,
  ],
  'a dictionary of a billion': [
    withDictionary(Buffer.concat([Buffer.of(8), run(3, 1)]), { first: dictionaryPage(BILLION, plainTexts('a', 'b')) }),
    /fewer values than it says/,
  ],
  'differences in no parts': [
    onePage(3, deltas(128, 0), { encoding: ENCODING.deltaBinary }, { type: TYPE.int32 }),
    /blocks of differences that cannot be/,
  ],
  'differences in 2^32 parts': [
    onePage(3, deltas(128, 2 ** 32 - 1), { encoding: ENCODING.deltaBinary }, { type: TYPE.int64 }),
    /./,
  ],
  'differences in blocks below zero': [
    onePage(3, deltas(2n ** 32n - 128n, 4), { encoding: ENCODING.deltaBinary }, { type: TYPE.int32 }),
    /blocks of differences that cannot be/,
  ],
  'lengths below zero': [
    onePage(3, Buffer.concat([constant(3, -1), Buffer.from('abc')]), { encoding: ENCODING.deltaLength }),
    /./,
  ],
  'a beginning of a billion bytes': [
    onePage(3, Buffer.concat([constant(3, BILLION), constant(3, 1), Buffer.from('abc')]), {
      encoding: ENCODING.deltaStrings,
    }),
    /shares 1000000000 bytes with one of 0/,
  ],
  'beginnings that grow without end': [
    onePage(100_000, Buffer.concat([counting(100_000), constant(100_000, 1), Buffer.alloc(100_000, 97)]), {
      encoding: ENCODING.deltaStrings,
    }),
    /share more bytes than can be/,
  ],
  // Pages: what they are compressed with.
  'GZIP of 2 GB': [packed(CODEC.gzip, gzipSync(big), 2 ** 31 - 1), /claim to be 2147483647 once decompressed/],
  'GZIP of more than it says': [packed(CODEC.gzip, gzipSync(big), 1000), /cannot be decoded/],
  'GZIP of less than it says': [
    packed(CODEC.gzip, gzipSync(big), 2 ** 20 + 1),
    /a page has 1048576 bytes and should have 1048577/,
  ],
  'BROTLI of more than it says': [packed(CODEC.brotli, brotliCompressSync(big), 1000), /cannot be decoded/],
  'SNAPPY of 2 GB': [
    packed(CODEC.snappy, Buffer.from([255, 255, 255, 255, 7, 0, 97]), 2 ** 31 - 1),
    /claim to be 2147483647 once decompressed/,
  ],
  'SNAPPY of 100 MB': [packed(CODEC.snappy, Buffer.from([128, 194, 215, 47, 0, 97]), 10 ** 8), /cannot be decoded/],
  'ZSTD of 2 GB': [packed(CODEC.zstd, zstdSize, 100), /a page holds 2130706432 bytes and should hold 100/],
  'ZSTD of 4 GB in runs': [
    packed(CODEC.zstd, zstdRuns(32_768), 2 ** 31 - 1),
    /claim to be 2147483647 once decompressed/,
  ],
  'ZSTD of 4 GB that says 1 KB': [packed(CODEC.zstd, zstdRuns(32_768), 1024), /./],
  'ZSTD with another frame behind': [
    packed(CODEC.zstd, Buffer.concat([zstdRuns(1), zstdSize]), 2 ** 17),
    /bytes behind its end/,
  ],
  'ZSTD of sequences without end': [
    packed(CODEC.zstd, zstdSequences, 2 ** 17),
    /sequences of another length than it says/,
  ],
  'LZ4 that steps back': [packed(CODEC.lz4, Buffer.from([0, 0, 0, 0, 255, 255, 255, 248]), 100), /a page is/],
  'LZ4 of a copy without end': [
    packed(CODEC.lz4Raw, Buffer.concat([Buffer.from([0x1f, 97, 1, 0]), Buffer.alloc(10 ** 6, 255)]), 1000),
    /a page is not LZ4/,
  ],
  'no codec, other length': [
    onePage(3, plainTexts('a', 'b', 'c'), { nBytesPlain: 20 }),
    /a page has 15 bytes and should have 20/,
  ],
};

/** Files that look odd and are not: all their values have to come. */
export const WHOLE: Readonly<Record<string, readonly [file: Buffer, nCells: number]>> = {
  'three texts': [three(), 3],
  'columns named like what every object has': [
    parquetFile(
      1,
      ['constructor', '__proto__', 'toString', 'length'].map((name) => ({
        name,
        pages: [dataPage(1, plainTexts('a'))],
      })),
    ),
    4,
  ],
  'a million rows in a run': [
    parquetFile(10 ** 6, [
      {
        name: 'query',
        pages: [
          dictionaryPage(1, plainTexts('a')),
          dataPage(10 ** 6, Buffer.concat([Buffer.of(8), run(10 ** 6, 0)]), { encoding: ENCODING.dictionary }),
        ],
      },
    ]),
    10 ** 6,
  ],
  'a million nulls': [
    parquetFile(10 ** 6, [
      { name: 'query', repetition: 1, pages: [dataPageV2(10 ** 6, 10 ** 6, run(10 ** 6, 0), Buffer.alloc(0))] },
    ]),
    0,
  ],
  'rows in 100,000 pages': [
    parquetFile(100_000, [
      { name: 'query', pages: Array.from({ length: 100_000 }, () => dataPage(1, plainTexts('a'))) },
    ]),
    100_000,
  ],
  'big numbers': [onePage(2, Buffer.alloc(16, 255), {}, { type: TYPE.int64 }), 2],
  'LZ4 in two frames': [onePage(2, Buffer.concat([lz4Frame, lz4Frame]), { nBytesPlain: 10 }, { codec: CODEC.lz4 }), 2],
  'LZ4 without frames': [onePage(1, lz4Literals, { nBytesPlain: 5 }, { codec: CODEC.lz4 }), 1],
  // Twenty letters: the first as it is, the others copied from the one before.
  'LZ4 that copies': [
    onePage(1, Buffer.from([0x5f, 20, 0, 0, 0, 97, 1, 0, 0, 0]), { nBytesPlain: 24 }, { codec: CODEC.lz4Raw }),
    1,
  ],
  'no rows': [parquetFile(0, [{ name: 'query', pages: [] }]), 0],
  'Zstandard in runs': [
    onePage(
      1,
      zstdRuns(1),
      { nBytesPlain: 2 ** 17 },
      { type: TYPE.fixed, codec: CODEC.zstd, element: { 2: i32(2 ** 17) } },
    ),
    1,
  ],
};
