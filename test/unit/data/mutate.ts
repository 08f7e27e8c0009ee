import fc from 'fast-check';

/** One change of some bytes; places are shares of the length, so that a change fits any file. */
type Change =
  | { readonly kind: 'flip'; readonly place: number; readonly bits: number }
  | { readonly kind: 'write'; readonly place: number; readonly bytes: Uint8Array }
  | { readonly kind: 'insert'; readonly place: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove' | 'repeat'; readonly place: number; readonly length: number }
  | { readonly kind: 'cut'; readonly place: number };

/** Bytes that numbers at their bounds, ends of lines and quotes are made of. */
const TELLING = [0, 1, 10, 13, 34, 44, 92, 127, 128, 254, 255];
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const someBytes = fc
  .array(fc.oneof(fc.constantFrom(...TELLING), fc.nat(255)), { minLength: 1, maxLength: 12 })
  .map((bytes) => Uint8Array.from(bytes));
const length = fc.integer({ min: 1, max: 200 });

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant('flip' as const), place, bits: fc.integer({ min: 1, max: 255 }) }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant('write' as const), place, bytes: someBytes }), weight: 4 },
  fc.record({ kind: fc.constant('insert' as const), place, bytes: someBytes }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'repeat' as const), place, length }),
  fc.record({ kind: fc.constant('cut' as const), place }),
);

/** Some changes of a file. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.array(change, { minLength: 1, maxLength: 4 });

/** The file with the changes made one after the other. */
export function mutate(file: Buffer, list: readonly Change[]): Buffer {
  return list.reduce((bytes, each) => applyChange(Buffer.from(bytes), each), file);
}

function applyChange(bytes: Buffer, each: Change): Buffer {
  const at = Math.floor(each.place * bytes.length);
  switch (each.kind) {
    case 'flip':
      if (bytes.length > 0) bytes[at]! ^= each.bits;
      return bytes;
    case 'write':
      bytes.set(each.bytes.subarray(0, bytes.length - at), at);
      return bytes;
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), each.bytes, bytes.subarray(at)]);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + each.length)]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, at + each.length), bytes.subarray(at)]);
    case 'cut':
      return bytes.subarray(0, at);
  }
}
