import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../src/model/safetensors.ts';
import type { FloatTensor } from '../../../src/model/tensor-stream.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { readSafetensors } from '../read-safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'model.safetensors');

/** A file with one tensor of the given type. */
function stored(dtype: string, shape: readonly number[], data: ArrayBufferView): Buffer {
  const header = Buffer.from(JSON.stringify({ x: { dtype, shape, data_offsets: [0, data.byteLength] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

function read(bytes: Uint8Array) {
  writeFileSync(path, bytes);
  return readSafetensors(path);
}

describe('safetensors', () => {
  const tensors = new Map<string, FloatTensor>([
    ['matrix', { shape: [2, 3], data: Float32Array.of(0, -0, 1e-40, NaN, Infinity, -3e38) }],
    ['empty', { shape: [0, 4], data: new Float32Array(0) }],
    ['ein Name · 名', { shape: [], data: Float32Array.of(7) }],
    ['__proto__', { shape: [1], data: Float32Array.of(8) }],
    ['constructor', { shape: [1], data: Float32Array.of(9) }],
    ['7', { shape: [1], data: Float32Array.of(10) }],
    ['view', { shape: [2], data: Float32Array.of(1, 2, 3, 4).subarray(1, 3) }],
  ]);

  it('come back as they were written, bit by bit', () => {
    writeSafetensors(path, tensors, { format: 'pt', note: 'ü' });
    const file = readSafetensors(path);
    expect(Object.fromEntries(file.metadata)).toEqual({ format: 'pt', note: 'ü' });
    expect([...file.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { shape, data }] of tensors) {
      const tensor = file.tensors.get(name)!;
      expect(tensor.shape).toEqual(shape);
      expect(new Uint8Array(tensor.floats().buffer)).toEqual(new Uint8Array(data.slice().buffer));
    }
    const headerLength = Number(readFileSync(path).readBigUInt64LE(0));
    expect(headerLength % 8).toBe(0);
  });

  it('are converted to float32 as copies', () => {
    const file = read(stored('F32', [2], Float32Array.of(1, 2)));
    const first = file.tensors.get('x')!.floats();
    first[0] = 9;
    expect([...file.tensors.get('x')!.floats()]).toEqual([1, 2]);
  });

  it('convert from F64, rounding to the nearest', () => {
    const x = read(stored('F64', [3], Float64Array.of(0.1, -1e-300, 1e300))).tensors.get('x')!;
    expect([...x.floats()]).toEqual([Math.fround(0.1), -0, Infinity]);
  });

  it('convert from BF16', () => {
    const x = read(stored('BF16', [5], Uint16Array.of(0x3f80, 0xc040, 0x0001, 0x7f80, 0x8000))).tensors.get('x')!;
    expect([...x.floats()]).toEqual([1, -3, 2 ** -133, Infinity, -0]);
    expect(
      read(stored('BF16', [1], Uint16Array.of(0x7fc0)))
        .tensors.get('x')!
        .floats()[0],
    ).toBeNaN();
  });

  it('convert from F16: normal, subnormal, largest, special', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x8000, 0x7e00);
    const x = read(stored('F16', [bits.length], bits)).tensors.get('x')!;
    const values = [1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, -0, NaN];
    expect([...x.floats()]).toEqual(values);
  });

  it('refuse to be floats where they are integers', () => {
    const x = read(stored('I64', [1], BigInt64Array.of(1n))).tensors.get('x')!;
    expect(() => x.floats()).toThrow('I64');
  });

  it('cut short anywhere are a problem that names the file', () => {
    writeSafetensors(path, tensors);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      const error = caught(() => read(whole.subarray(0, length)));
      expect(error, `${length} bytes`).toBeInstanceOf(ProblemError);
      expect((error as ProblemError).problem).toMatchObject({ code: 'bad-safetensors', where: path });
    }
  });

  const header = (text: string, nBytes = 4): Buffer => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    return Buffer.concat([length, Buffer.from(text), Buffer.alloc(nBytes)]);
  };
  it.each([
    ['a header that is no JSON', header('{"x": ')],
    ['a header that is a list', header('[1]')],
    ['a header that is null', header('null')],
    ['an entry that is no object', header('{"x": 3}')],
    ['an entry without shape', header('{"x": {"dtype": "F32", "data_offsets": [0, 4]}}')],
    ['an entry without offsets', header('{"x": {"dtype": "F32", "shape": [1]}}')],
    ['an unknown type', header('{"x": {"dtype": "F4", "shape": [1], "data_offsets": [0, 4]}}')],
    [
      'a type that names a property of objects',
      header('{"x": {"dtype": "constructor", "shape": [1], "data_offsets": [0, 4]}}'),
    ],
    ['a negative offset', header('{"x": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}')],
    ['a size that is not the shape', header('{"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}')],
    ['a negative size', header('{"x": {"dtype": "F32", "shape": [-1, -1], "data_offsets": [0, 4]}}')],
    ['a hole before a tensor', header('{"x": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}', 8)],
    ['bytes that belong to no tensor', header('{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}', 5)],
    [
      'two tensors in one place',
      header(
        '{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "y": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}',
      ),
    ],
    [
      'a tensor that begins within another',
      header(
        '{"x": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}, "y": {"dtype": "U8", "shape": [2], "data_offsets": [2, 4]}}',
      ),
    ],
    [
      'a name twice, at different places',
      header(
        '{"x": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}, "x": {"dtype": "U8", "shape": [2], "data_offsets": [2, 4]}}',
      ),
    ],
    [
      'a shape whose product wraps around to the size',
      header('{"x": {"dtype": "F32", "shape": [4294967296, 4294967296, 1], "data_offsets": [0, 0]}}'),
    ],
    [
      'a product beyond 2^53 times nothing',
      header('{"x": {"dtype": "F32", "shape": [9007199254740991, 9007199254740991, 0], "data_offsets": [0, 0]}}', 0),
    ],
    ['fractional offsets', header('{"x": {"dtype": "U8", "shape": [1], "data_offsets": [0.5, 1.5]}}')],
    ['offsets as text', header('{"x": {"dtype": "U8", "shape": [4], "data_offsets": ["0", "4"]}}')],
    ['metadata that is a list', header('{"__metadata__": []}', 0)],
    ['metadata that is null', header('{"__metadata__": null}', 0)],
    ['metadata that is not text', header('{"__metadata__": {"a": 1}}', 0)],
    ['brackets and nothing else', header('['.repeat(1_000_000), 0)],
    ['a header length beyond 2^53', Buffer.alloc(40, 0xff)],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>')],
  ])('with %s are a problem', (_, bytes) => {
    const error = caught(() => read(bytes));
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toMatchObject({ code: 'bad-safetensors', where: path });
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return null;
}
