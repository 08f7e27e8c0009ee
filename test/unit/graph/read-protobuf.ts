/** A field of a message: a signed 64-bit varint, a float, or bytes. */
export interface Field {
  readonly number: number;
  readonly value: bigint | number | Uint8Array;
}

/** A reader of the wire format, written from the specification and independent of the writer under test. */
export function readFields(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(offset++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
  };
  const fields: Field[] = [];
  while (offset < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 2: {
        const length = Number(varint());
        fields.push({ number, value: bytes.slice(offset, offset + length) });
        offset += length;
        break;
      }
      case 5:
        fields.push({ number, value: view.getFloat32(offset, true) });
        offset += 4;
        break;
      default:
        throw new Error(`wire type ${tag & 7} at byte ${offset}`);
    }
  }
  return fields;
}
