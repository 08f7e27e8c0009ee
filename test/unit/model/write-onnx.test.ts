import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeOnnx } from '../../../src/graph/onnx.ts';
import { exportOnnx } from '../../../src/model/export-onnx.ts';
import { writeOnnx } from '../../../src/model/write-onnx.ts';
import { temporaryFolder } from '../../trainer/tiny-run.ts';
import { oracleRanker } from '../engine/oracle-case.ts';
import { readFields } from '../graph/read-protobuf.ts';

const { ranker, parameters } = oracleRanker('small', 'cross-encoder', 'cls');
const model = exportOnnx(ranker, parameters);
const ints = (values: readonly number[]): ort.Tensor =>
  new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [2, values.length / 2]);
const feeds = {
  input_ids: ints([1, 5, 3, 2, 1, 4, 2, 0]),
  attention_mask: ints([1, 1, 1, 1, 1, 1, 1, 0]),
  token_type_ids: ints([0, 0, 1, 1, 0, 0, 1, 0]),
};

async function logitsOf(session: ort.InferenceSession): Promise<ort.Tensor['data']> {
  const { logits } = await session.run(feeds);
  await session.release();
  return logits!.data;
}

/** The external data that a model file refers to, read from its bytes. */
function references(path: string): { location: string; offset: number; length: number }[] {
  const text = new TextDecoder();
  const part = (bytes: unknown, field: number) =>
    readFields(bytes as Uint8Array).flatMap(({ number, value }) => (number === field ? [value] : []));
  return part(part(readFileSync(path), 7)[0], 5).flatMap((tensor) => {
    const entries = part(tensor, 13).map((entry) =>
      [1, 2].map((field) => text.decode(part(entry, field)[0] as Uint8Array)),
    );
    if (entries.length === 0) return [];
    // EXTERNAL, and no bytes of its own.
    expect(part(tensor, 14)).toEqual([1n]);
    expect(part(tensor, 9)).toEqual([]);
    const { location, offset, length } = Object.fromEntries(entries) as Record<string, string>;
    return [{ location: location!, offset: Number(offset), length: Number(length) }];
  });
}

describe('an ONNX file', () => {
  it('that protobuf has room for is one file, the same that is encoded in memory', () => {
    const path = join(temporaryFolder(), 'model.onnx');
    expect(writeOnnx(path, model)).toBe(0);
    expect(readFileSync(path).equals(encodeOnnx(model))).toBe(true);
    expect(existsSync(`${path}_data`)).toBe(false);
  });

  it.each([
    ['one file', 2 ** 30, 1],
    ['files of two constants at most', 2 ** 17, undefined],
    ['a file a constant', 0, undefined],
  ])('that is too large has its constants in %s beside it and gives the same logits', async (_, mostInFile, n) => {
    const path = join(temporaryFolder(), 'model.onnx');
    const nFiles = writeOnnx(path, model, { mostInline: 1000, leastExternal: 1024, mostInFile });
    if (n === undefined) expect(nFiles).toBeGreaterThan(2);
    else expect(nFiles).toBe(n);
    const found = references(path);
    const large = model.initializers.filter(({ data }) => data.byteLength >= 1024);
    expect(found.map(({ length }) => length)).toEqual(large.map(({ data }) => data.byteLength));
    const names = Array.from({ length: nFiles }, (__, i) => `model.onnx_data${i === 0 ? '' : `_${i}`}`);
    expect(new Set(found.map(({ location }) => location))).toEqual(new Set(names));
    for (const [i, { location, offset, length }] of found.entries()) {
      expect(offset % 65_536).toBe(0);
      const data = readFileSync(join(path, '..', location));
      const { buffer, byteOffset } = large[i]!.data;
      expect(data.subarray(offset, offset + length).equals(new Uint8Array(buffer, byteOffset, length))).toBe(true);
    }
    const inData = large.reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(statSync(path).size).toBeLessThan(encodeOnnx(model).length - inData + 200 * large.length);

    const expected = await logitsOf(await ort.InferenceSession.create(encodeOnnx(model)));
    expect(await logitsOf(await ort.InferenceSession.create(path))).toEqual(expected);
  });
});
