import { Damage } from './damage.ts';

/** Numbers, truth values and structs of a struct in Thrift's compact protocol, by field id; texts and lists are checked and left out. */
export type ThriftStruct = ReadonlyMap<number, number | boolean | ThriftStruct>;

/** Where reading stands, and how many values it may still meet. */
export interface ThriftCursor {
  readonly bytes: Uint8Array;
  at: number;
  nLeft: number;
}

/** Deeper than any metadata of parquet. */
const MAX_DEPTH = 32;
/** Bytes of the longest number, a 64-bit one in groups of 7 bits. */
const MAX_VARINT = 10;

/** Types of the compact protocol; parquet has no maps and sets. */
const TYPE = { stop: 0, true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 };

/**
 * Reads the struct at the cursor and leaves the cursor behind it. Nothing is allocated by a length that the bytes state.
 * @throws Damage when the bytes end early, are of no known type, or hold more values than the cursor allows
 */
export function readStruct(cursor: ThriftCursor, depth = 0): ThriftStruct {
  if (depth > MAX_DEPTH) throw new Damage(`its metadata is nested more than ${MAX_DEPTH} levels deep`);
  const fields = new Map<number, number | boolean | ThriftStruct>();
  for (let id = 0; ;) {
    const head = readByte(cursor);
    const type = head & 15;
    if (type === TYPE.stop) return fields;
    id = head >> 4 === 0 ? readZigZag(cursor) : id + (head >> 4);
    const value = readValue(cursor, type, depth);
    if (value !== undefined) fields.set(id, value);
  }
}

function readValue(cursor: ThriftCursor, type: number, depth: number): number | boolean | ThriftStruct | undefined {
  if (--cursor.nLeft < 0) throw new Damage('its metadata has more values than any table needs');
  switch (type) {
    case TYPE.true:
    case TYPE.false:
      return type === TYPE.true;
    case TYPE.byte:
      return readByte(cursor);
    case TYPE.i16:
    case TYPE.i32:
    case TYPE.i64:
      return readZigZag(cursor);
    case TYPE.double:
      skip(cursor, 8);
      return undefined;
    case TYPE.binary:
      skip(cursor, readVarint(cursor));
      return undefined;
    case TYPE.list:
      skipList(cursor, depth);
      return undefined;
    case TYPE.struct:
      return readStruct(cursor, depth + 1);
    default:
      throw new Damage(`its metadata has a value of the unknown type ${type}`);
  }
}

/** Every element takes a byte at least, so a list cannot be longer than what is left. */
function skipList(cursor: ThriftCursor, depth: number): void {
  if (depth > MAX_DEPTH) throw new Damage(`its metadata is nested more than ${MAX_DEPTH} levels deep`);
  const head = readByte(cursor);
  const type = head & 15;
  const size = head >> 4 === 15 ? readVarint(cursor) : head >> 4;
  if (size > cursor.bytes.length - cursor.at) {
    throw new Damage(`its metadata has a list of ${size} values in ${cursor.bytes.length - cursor.at} bytes`);
  }
  // In a list a truth value is a byte of its own.
  const elementType = type === TYPE.true || type === TYPE.false ? TYPE.byte : type;
  for (let i = 0; i < size; i++) readValue(cursor, elementType, depth + 1);
}

function skip(cursor: ThriftCursor, nBytes: number): void {
  if (nBytes > cursor.bytes.length - cursor.at) throw new Damage('its metadata ends early');
  cursor.at += nBytes;
}

function readByte(cursor: ThriftCursor): number {
  const byte = cursor.bytes[cursor.at++];
  if (byte === undefined) throw new Damage('its metadata ends early');
  return byte;
}

/** An unsigned number in groups of 7 bits, lowest first; above 2^53 it is not exact. */
function readVarint(cursor: ThriftCursor): number {
  let value = 0;
  for (let i = 0; i < MAX_VARINT; i++) {
    const byte = readByte(cursor);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  throw new Damage(`its metadata has a number of more than ${MAX_VARINT} bytes`);
}

/** A signed number: 0, −1, 1, −2, … as 0, 1, 2, 3, … */
function readZigZag(cursor: ThriftCursor): number {
  const value = readVarint(cursor);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
