import { describe, expect, it } from 'vitest';
import { ProtoWriter } from '../../../src/graph/protobuf.ts';
import { readFields } from './read-protobuf.ts';

describe('the wire format', () => {
  it('writes the examples of the specification', () => {
    expect([...new ProtoWriter().int(1, 150).concat()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtoWriter().string(2, 'testing').concat()]).toEqual([0x12, 7, ...Buffer.from('testing')]);
    expect([...new ProtoWriter().message(3, new ProtoWriter().int(1, 150)).concat()]).toEqual([0x1a, 3, 0x08, 0x96, 1]);
  });

  it('writes −1 in ten bytes, as int64 is', () => {
    expect([...new ProtoWriter().int(1, -1).concat()]).toEqual([8, ...Array<number>(9).fill(0xff), 1]);
  });

  it.each([
    0n,
    1n,
    127n,
    128n,
    255n,
    300n,
    16_383n,
    16_384n,
    2n ** 31n - 1n,
    2n ** 31n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n - 1n,
    -1n,
    -2n,
    -128n,
    -(2n ** 31n),
    -(2n ** 53n),
    -(2n ** 63n),
  ])('reads back %i', (value) => {
    const fields = readFields(new ProtoWriter().int(16, value).int(2_000, 5).concat());
    expect(fields).toEqual([
      { number: 16, value },
      { number: 2_000, value: 5n },
    ]);
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) {
      expect(readFields(new ProtoWriter().int(16, Number(value)).concat())).toEqual([{ number: 16, value }]);
    }
  });

  it.each([0, 1.5, -0.1, 1e-12, 3e38, -Infinity])('reads back the float %f', (value) => {
    const [field] = readFields(new ProtoWriter().float(2, value).concat());
    expect(field).toEqual({ number: 2, value: Math.fround(value) });
  });

  it('keeps texts of all scripts', () => {
    const [field] = readFields(new ProtoWriter().string(1, 'γ · 漢字 🛒').concat());
    expect(new TextDecoder().decode(field!.value as Uint8Array)).toBe('γ · 漢字 🛒');
  });

  it('nests messages with large byte fields, in order, and may be read twice', () => {
    const large = Uint8Array.from({ length: 5_000 }, (_, i) => i % 251);
    const inner = new ProtoWriter().int(1, 7).bytes(2, large).int(3, -7);
    const outer = new ProtoWriter().int(9, 1).message(4, inner).int(9, 2);
    const first = outer.concat();
    expect(outer.concat()).toEqual(first);
    const [before, nested, after] = readFields(first);
    expect([before!.value, after!.value]).toEqual([1n, 2n]);
    expect(readFields(nested!.value as Uint8Array)).toEqual([
      { number: 1, value: 7n },
      { number: 2, value: large },
      { number: 3, value: -7n },
    ]);
  });

  it('writes empty messages and empty fields', () => {
    expect(new ProtoWriter().concat().length).toBe(0);
    expect([...new ProtoWriter().message(1, new ProtoWriter()).string(2, '').concat()]).toEqual([0x0a, 0, 0x12, 0]);
  });
});
