import { closeSync, copyFileSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { loadModel } from '../../../src/model/load.ts';
import { openSafetensors } from '../../../src/model/safetensors.ts';
import { temporaryFolder, writeTinyModel } from '../../trainer/tiny-run.ts';
import { rawHeader, type RawTensor } from '../raw-safetensors.ts';

/** Bytes of a tensor of zeros that nobody asks for; the wanted ones lie behind it. */
const HOLE = 2 ** 31 + 4096;

const source = writeTinyModel(temporaryFolder());
const folder = temporaryFolder();
const path = join(folder, 'model.safetensors');
const load = (from: string) =>
  loadModel(from, { type: 'cross-encoder', nLabels: 1, pooling: null, isNormalised: true, normal: () => 0 });
const expected = load(source).parameters;

beforeAll(() => {
  copyFileSync(join(source, 'config.json'), join(folder, 'config.json'));
  const tensors = [...expected].map(([name, { shape, data }]): [RawTensor, Float32Array] => [
    { name, dtype: 'F32', shape, nBytes: data.byteLength },
    data,
  ]);
  const hole: RawTensor = { name: 'hole', dtype: 'U8', shape: [HOLE], nBytes: HOLE };
  const header = rawHeader([hole, ...tensors.map(([tensor]) => tensor)]);
  const file = openSync(path, 'w');
  let position = writeSync(file, header) + HOLE;
  ftruncateSync(file, position);
  for (const [, { buffer, byteLength }] of tensors)
    position += writeSync(file, new Uint8Array(buffer), 0, byteLength, position);
  closeSync(file);
});

/** Where holes take space, the file would fill the disk. */
function needsHoles(context: TestContext): void {
  const { size, blocks } = statSync(path);
  if (blocks * 512 > size / 2) context.skip('this file system keeps no sparse files');
}

/** Element by element, which `toEqual` takes seconds for. */
function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

describe('a file above 2 GiB', () => {
  it('is read: its tensors beyond 2 GiB are right', (context) => {
    needsHoles(context);
    expect(statSync(path).size).toBeGreaterThan(2 ** 31);
    const { parameters } = load(folder);
    expect([...parameters.keys()]).toEqual([...expected.keys()]);
    for (const [name, { data }] of expected) expect(isSame(parameters.get(name)!.data, data), name).toBe(true);
  });

  it('is read into arrays that are there', (context) => {
    needsHoles(context);
    const file = openSafetensors(path);
    for (const [name, { data }] of expected) {
      const target = new Float32Array(data.length + 2).fill(7);
      file.readInto(file.tensors.get(name)!, target.subarray(1, -1));
      expect(isSame(target.subarray(1, -1), data), name).toBe(true);
      expect([target[0], target.at(-1)]).toEqual([7, 7]);
    }
    file.close();
  });
});
