/**
 * Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md) as a tree that
 * can be changed and printed again: parquet keeps its metadata in it. Enough for parquet, which has no maps.
 */
export type Thrift =
  | { readonly kind: 'struct'; readonly fields: Field[] }
  | { readonly kind: 'list'; readonly type: number; readonly items: Thrift[] }
  | { readonly kind: 'integer'; value: bigint }
  | { readonly kind: 'bool'; value: boolean }
  | { readonly kind: 'bytes'; value: Uint8Array };

export interface Field {
  id: number;
  type: number;
  value: Thrift;
}

const TYPES = { true: 1, false: 2, byte: 3, double: 7, binary: 8, list: 9, set: 10, struct: 12 } as const;

/** Reads a struct at an offset; throws where there is none. */
export function readThrift(bytes: Uint8Array, start: number): { readonly tree: Thrift; readonly end: number } {
  let at = start;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new RangeError('the bytes end inside a struct');
    return value;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 127) << shift;
      if (next < 128) return value;
    }
  };
  const integer = (): bigint => {
    const value = varint();
    return (value >> 1n) ^ -(value & 1n);
  };
  const take = (n: number): Uint8Array => bytes.slice(at, (at += n));

  function value(type: number, isItem: boolean): Thrift {
    if (type === TYPES.true || type === TYPES.false) {
      return { kind: 'bool', value: isItem ? byte() === 1 : type === TYPES.true };
    }
    if (type === TYPES.byte) return { kind: 'integer', value: BigInt(byte()) };
    if (type === TYPES.double) return { kind: 'bytes', value: take(8) };
    if (type === TYPES.binary) return { kind: 'bytes', value: take(Number(varint())) };
    if (type === TYPES.struct) return struct();
    if (type !== TYPES.list && type !== TYPES.set) return { kind: 'integer', value: integer() };
    const head = byte();
    const size = head >> 4 === 15 ? Number(varint()) : head >> 4;
    return { kind: 'list', type: head & 15, items: Array.from({ length: size }, () => value(head & 15, true)) };
  }

  function struct(): Thrift {
    const fields: Field[] = [];
    for (let last = 0, head = byte(); head !== 0; head = byte()) {
      const id = head >> 4 === 0 ? Number(integer()) : last + (head >> 4);
      fields.push({ id, type: head & 15, value: value(head & 15, false) });
      last = id;
    }
    return { kind: 'struct', fields };
  }

  const tree = struct();
  return { tree, end: at };
}

/** The bytes of a struct, with the types that its fields name, whether they fit their values or not. */
export function printThrift(tree: Thrift): Uint8Array {
  const out: number[] = [];
  const varint = (value: bigint): void => {
    let rest = BigInt.asUintN(64, value);
    for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
    out.push(Number(rest));
  };
  const integer = (value: bigint): void => varint((value << 1n) ^ (value >> 63n));

  function print(node: Thrift, type: number, isItem: boolean): void {
    if (node.kind === 'struct') struct(node.fields);
    else if (node.kind === 'list') {
      if (node.items.length < 15) out.push((node.items.length << 4) | node.type);
      else {
        out.push(0xf0 | node.type);
        varint(BigInt(node.items.length));
      }
      for (const item of node.items) print(item, node.type, true);
    } else if (node.kind === 'bool') {
      if (isItem) out.push(node.value ? 1 : 2);
    } else if (node.kind === 'integer') {
      if (type === TYPES.byte) out.push(Number(BigInt.asUintN(8, node.value)));
      else integer(node.value);
    } else {
      if (type === TYPES.binary) varint(BigInt(node.value.length));
      for (const byte of node.value) out.push(byte);
    }
  }

  function struct(fields: readonly Field[]): void {
    let last = 0;
    for (const { id, type, value } of fields) {
      const shown = value.kind === 'bool' ? (value.value ? TYPES.true : TYPES.false) : type;
      const delta = id - last;
      if (delta > 0 && delta < 16) out.push((delta << 4) | shown);
      else {
        out.push(shown);
        integer(BigInt(id));
      }
      print(value, type, false);
      last = id;
    }
    out.push(0);
  }

  print(tree, TYPES.struct, false);
  return Uint8Array.from(out);
}
