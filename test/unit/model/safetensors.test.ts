import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSafetensors, toFloat32, writeSafetensors, type FloatTensor } from '../../../src/model/safetensors.ts';
import { ProblemError } from '../../../src/protocol/problem.ts';

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
    ['view', { shape: [2], data: Float32Array.of(1, 2, 3, 4).subarray(1, 3) }],
  ]);

  it('come back as they were written, bit by bit', () => {
    writeSafetensors(path, tensors, { format: 'pt', note: 'ü' });
    const file = readSafetensors(path);
    expect(file.metadata).toEqual({ format: 'pt', note: 'ü' });
    expect([...file.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { shape, data }] of tensors) {
      const tensor = file.tensors.get(name)!;
      expect(tensor.shape).toEqual(shape);
      expect(new Uint8Array(toFloat32(tensor).buffer)).toEqual(new Uint8Array(data.slice().buffer));
    }
    const headerLength = Number(readFileSync(path).readBigUInt64LE(0));
    expect(headerLength % 8).toBe(0);
  });

  it('are converted to float32 as copies', () => {
    const file = read(stored('F32', [2], Float32Array.of(1, 2)));
    const first = toFloat32(file.tensors.get('x')!);
    first[0] = 9;
    expect([...toFloat32(file.tensors.get('x')!)]).toEqual([1, 2]);
  });

  it('convert from F64, rounding to the nearest', () => {
    const x = read(stored('F64', [3], Float64Array.of(0.1, -1e-300, 1e300))).tensors.get('x')!;
    expect([...toFloat32(x)]).toEqual([Math.fround(0.1), -0, Infinity]);
  });

  it('convert from BF16', () => {
    const x = read(stored('BF16', [5], Uint16Array.of(0x3f80, 0xc040, 0x0001, 0x7f80, 0x8000))).tensors.get('x')!;
    expect([...toFloat32(x)]).toEqual([1, -3, 2 ** -133, Infinity, -0]);
    expect(toFloat32(read(stored('BF16', [1], Uint16Array.of(0x7fc0))).tensors.get('x')!)[0]).toBeNaN();
  });

  it('convert from F16: normal, subnormal, largest, special', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x8000, 0x7e00);
    const x = read(stored('F16', [bits.length], bits)).tensors.get('x')!;
    const values = [1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, -0, NaN];
    expect([...toFloat32(x)]).toEqual(values);
  });

  it('refuse to be floats where they are integers', () => {
    const x = read(stored('I64', [1], BigInt64Array.of(1n))).tensors.get('x')!;
    expect(() => toFloat32(x)).toThrow('I64');
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

  const header = (text: string): Buffer => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    return Buffer.concat([length, Buffer.from(text), Buffer.alloc(16)]);
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
