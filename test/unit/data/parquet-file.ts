/** Writes small parquet files of which every number may be a lie: Thrift's compact protocol by hand, pages as they are given. */

/** A value with its type in Thrift's compact protocol. */
export interface Thrift {
  readonly type: number;
  readonly bytes: Buffer;
}

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

function zigZag(value: number | bigint): Buffer {
  const whole = BigInt(value);
  return varint(whole >= 0n ? whole * 2n : -whole * 2n - 1n);
}

export const i32 = (value: number): Thrift => ({ type: 5, bytes: zigZag(value) });
export const i64 = (value: number | bigint): Thrift => ({ type: 6, bytes: zigZag(value) });
export const text = (value: string | Buffer): Thrift => {
  const bytes = Buffer.from(value as string);
  return { type: 8, bytes: Buffer.concat([varint(bytes.length), bytes]) };
};
export const flag = (value: boolean): Thrift => ({ type: value ? 1 : 2, bytes: Buffer.alloc(0) });

/** A list; `size` is what it says it holds. */
export function list(
  items: readonly Thrift[],
  type = items[0]?.type ?? 12,
  size: number | bigint = items.length,
): Thrift {
  return {
    type: 9,
    bytes: Buffer.concat([Buffer.from([0xf0 | type]), varint(size), ...items.map(({ bytes }) => bytes)]),
  };
}

/** A struct of the fields that are given, in the order of their ids. */
export function struct(fields: Readonly<Record<number, Thrift | undefined>>): Thrift {
  const parts: Buffer[] = [];
  let before = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const delta = Number(key) - before;
    before = Number(key);
    parts.push(Buffer.from([(delta << 4) | value.type]), value.bytes);
  }
  return { type: 12, bytes: Buffer.concat([...parts, Buffer.of(0)]) };
}

export const TYPE = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, text: 6, fixed: 7 };
export const CODEC = { none: 0, snappy: 1, gzip: 2, brotli: 4, lz4: 5, zstd: 6, lz4Raw: 7 };
export const ENCODING = { plain: 0, rle: 3, deltaBinary: 5, deltaLength: 6, deltaStrings: 7, dictionary: 8, split: 9 };

/** A page with its header. */
export function page(fields: Readonly<Record<number, Thrift | undefined>>, body: Buffer): Buffer {
  return Buffer.concat([struct(fields).bytes, body]);
}

export interface PageOptions {
  readonly encoding?: number;
  readonly nBytes?: number;
  readonly nBytesPlain?: number;
}

/** A data page (version 1) of a required column. */
export function dataPage(nValues: number, body: Buffer, options: PageOptions = {}): Buffer {
  const { encoding = ENCODING.plain, nBytes = body.length, nBytesPlain = body.length } = options;
  const header = struct({ 1: i32(nValues), 2: i32(encoding), 3: i32(3), 4: i32(3) });
  return page({ 1: i32(0), 2: i32(nBytesPlain), 3: i32(nBytes), 5: header }, body);
}

/** A data page (version 2) of an optional column: `levels` stand in front of the values. */
export function dataPageV2(
  nValues: number,
  nNulls: number,
  levels: Buffer,
  values: Buffer,
  encoding = ENCODING.plain,
): Buffer {
  const header = struct({
    1: i32(nValues),
    2: i32(nNulls),
    3: i32(nValues),
    4: i32(encoding),
    5: i32(levels.length),
    6: i32(0),
    7: flag(false),
  });
  const body = Buffer.concat([levels, values]);
  return page({ 1: i32(3), 2: i32(body.length), 3: i32(body.length), 8: header }, body);
}

export function dictionaryPage(nValues: number, body: Buffer): Buffer {
  return page({ 1: i32(2), 2: i32(body.length), 3: i32(body.length), 7: struct({ 1: i32(nValues), 2: i32(0) }) }, body);
}

/** Texts in the plain encoding. */
export function plainTexts(...texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((each) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(each));
      return [length, Buffer.from(each)];
    }),
  );
}

export interface Column {
  readonly name: string;
  readonly pages: readonly Buffer[];
  readonly type?: number;
  readonly codec?: number;
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition?: number;
  /** Fields of its schema element, of its chunk and of the chunk's metadata that are other than they should be. */
  readonly element?: Readonly<Record<number, Thrift | undefined>>;
  readonly chunk?: Readonly<Record<number, Thrift | undefined>>;
  readonly meta?: Readonly<Record<number, Thrift | undefined>>;
}

export interface FileOptions {
  /** Rows of each row group; all have the same bytes unless the columns' metadata says other. */
  readonly groups?: readonly number[];
  /** Fields of the footer, and of each row group, that are other than they should be. */
  readonly footer?: Readonly<Record<number, Thrift | undefined>>;
  readonly group?: Readonly<Record<number, Thrift | undefined>>;
  /** What the file says is the length of its footer. */
  readonly footerLength?: number;
}

/** A file of one row group with `nRows` rows, true but for what the options say. */
export function parquetFile(nRows: number, columns: readonly Column[], options: FileOptions = {}): Buffer {
  let at = 4;
  const chunks = columns.map(({ name, type = TYPE.text, codec = 0, pages, meta, chunk }) => {
    const size = pages.reduce((sum, { length }) => sum + length, 0);
    const fields = {
      1: i32(type),
      2: list([i32(0)]),
      3: list([text(name)]),
      4: i32(codec),
      5: i64(nRows),
      6: i64(size),
      7: i64(size),
      9: i64(at),
    };
    at += size;
    return struct({ 2: i64(0), 3: struct({ ...fields, ...meta }), ...chunk });
  });
  const schema = columns.map(({ name, type = TYPE.text, repetition = 0, element }) =>
    struct({
      1: i32(type),
      3: i32(repetition),
      4: text(name),
      ...(type === TYPE.text ? { 6: i32(0) } : {}),
      ...element,
    }),
  );
  const groups = (options.groups ?? [nRows]).map((n) =>
    struct({ 1: list(chunks), 2: i64(at), 3: i64(n), ...options.group }),
  );
  const root = struct({ 4: text('schema'), 5: i32(columns.length) });
  const footer = struct({
    1: i32(2),
    2: list([root, ...schema]),
    3: i64(nRows),
    4: list(groups),
    ...options.footer,
  }).bytes;
  const tail = Buffer.alloc(8, 'PAR1');
  tail.writeUInt32LE(options.footerLength ?? footer.length, 0);
  tail.write('PAR1', 4, 'latin1');
  return Buffer.concat([Buffer.from('PAR1'), ...columns.flatMap(({ pages }) => pages), footer, tail]);
}
