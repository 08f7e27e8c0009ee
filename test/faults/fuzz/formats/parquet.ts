import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { FuzzFormat } from '../format.ts';
import { withFooter } from '../mutate-parquet.ts';
import type { Field, Thrift } from '../thrift.ts';
import { judgementFile, productFile } from './data-source.ts';
import { bytesOf, filesBelow } from './seeds.ts';

export const parquet: FuzzFormat = {
  ending: 'parquet',
  parts: ['parquet'],
  seeds: () => [...filesBelow('test/fixtures/data', '.parquet')].filter((bytes) => bytes.length < 16_000),
  arbitrary: () => anyParquet,
  words: [
    'PAR1',
    'PARE',
    'query',
    'query_id',
    'product_title',
    'esci_label',
    '\u0015\u0000',
    '\u0019\u001c',
    '\u0000\u0000\u0000\u0000',
  ],
  readers: { judgements: judgementFile('train.parquet'), products: productFile },
};

/** Thrift's codes of types, as a struct's fields name them. */
const INT32 = 5;
const INT64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const COLUMNS = [
  'query',
  'query_id',
  'product_id',
  'product_title',
  'esci_label',
  'product_locale',
  'split',
  '',
  '__proto__',
];

const int = fc.oneof(
  fc.bigInt({ min: 0n, max: 40n }),
  fc.constantFrom(-1n, 10n ** 9n, 2n ** 31n, 2n ** 40n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)),
);

function field(id: number, type: number, value: Arbitrary<Thrift>): Arbitrary<Field[]> {
  const given = value.map((each) => [{ id, type, value: each }]);
  return fc.oneof({ weight: 20, arbitrary: given }, { weight: 1, arbitrary: fc.constant<Field[]>([]) });
}

const integer = (values: Arbitrary<bigint>): Arbitrary<Thrift> => values.map((value) => ({ kind: 'integer', value }));
const binary = (texts: Arbitrary<string>): Arbitrary<Thrift> =>
  texts.map((text) => ({ kind: 'bytes', value: bytesOf(text) }));
const struct = (...fields: readonly Arbitrary<Field[]>[]): Arbitrary<Thrift> =>
  fc.tuple(...fields).map((all) => ({ kind: 'struct', fields: all.flat() }));
const list = (type: number, item: Arbitrary<Thrift>, maxLength: number): Arbitrary<Thrift> =>
  fc.array(item, { maxLength }).map((items) => ({ kind: 'list', type, items }));

const name = binary(fc.constantFrom(...COLUMNS));
const tiny = (max: number) => integer(fc.bigInt({ min: 0n, max: BigInt(max) }));

/** One entry of the schema: type, length, repetition, name, number of children, logical type. */
const element = struct(
  field(1, INT32, tiny(8)),
  field(3, INT32, tiny(3)),
  field(4, BINARY, name),
  field(5, INT32, integer(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(0n) }, { weight: 1, arbitrary: int }))),
  field(6, INT32, tiny(25)),
);

/** A column of a row group: where its pages are, how they are stored, how many values it has. */
const column = struct(
  field(2, INT64, integer(int)),
  field(
    3,
    STRUCT,
    struct(
      field(1, INT32, tiny(8)),
      field(2, LIST, list(INT32, tiny(10), 3)),
      field(3, LIST, list(BINARY, name, 2)),
      field(4, INT32, tiny(8)),
      field(5, INT64, integer(int)),
      field(6, INT64, integer(int)),
      field(7, INT64, integer(int)),
      field(9, INT64, integer(int)),
      field(11, INT64, integer(int)),
    ),
  ),
);

const rowGroup = struct(
  field(1, LIST, list(STRUCT, column, 6)),
  field(2, INT64, integer(int)),
  field(3, INT64, integer(int)),
);

const metadata = struct(
  field(1, INT32, tiny(2)),
  field(2, LIST, list(STRUCT, element, 9)),
  field(3, INT64, integer(int)),
  field(4, LIST, list(STRUCT, rowGroup, 4)),
);

/** Random bytes as the pages, and metadata of the right form that points anywhere. */
const anyParquet: Arbitrary<Uint8Array> = fc
  .tuple(fc.uint8Array({ maxLength: 200 }), metadata)
  .map(([pages, tree]) => withFooter(Buffer.concat([bytesOf('PAR1'), pages]), tree));
