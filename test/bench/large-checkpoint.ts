/**
 * Saves, verifies and restores a checkpoint of 300 million trained parameters (more than xlm-roberta-base has) through the
 * checkpoint layer alone, and says how long each took and how much memory the process ever had. Needs 4 GB of disk and 5 GB
 * of memory: outside CI.
 *
 *     npx tsx test/bench/large-checkpoint.ts FOLDER
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingPart } from '../../src/engine/engine.ts';
import { streamOf, type FloatTensor, type TensorStream } from '../../src/model/tensor-stream.ts';
import { findStart, restoreTraining, saveCheckpoint } from '../../src/trainer/loop/checkpoint.ts';

/** An embedding table as in xlm-roberta-base, then square matrices: 300 M floats in all. */
const ROWS = 250_000;
const HIDDEN = 768;
const N_MATRICES = 183;

/** Floats that neither repeat from tensor to tensor nor take long to make. */
function fill(data: Float32Array, seed: number): void {
  for (let i = 0; i < data.length; i++) data[i] = ((i * 2654435761 + seed * 40503) >>> 8) / 2 ** 24;
}

function isFilled(data: Float32Array, seed: number): boolean {
  for (let i = 0; i < data.length; i++) {
    if (data[i] !== Math.fround(((i * 2654435761 + seed * 40503) >>> 8) / 2 ** 24)) return false;
  }
  return true;
}

const parent = process.argv[2];
if (parent === undefined) throw new Error('usage: npx tsx test/bench/large-checkpoint.ts FOLDER');
const runDir = mkdtempSync(join(parent, 'large-checkpoint-'));

const shapes = [[ROWS, HIDDEN], ...Array.from({ length: N_MATRICES }, () => [HIDDEN, HIDDEN])];
const tensor = (shape: readonly number[]): FloatTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, dim) => product * dim, 1)),
});
const parameters = new Map(shapes.map((shape, i) => [`parameter.${i}`, tensor(shape)]));
const moments = new Map(
  shapes.flatMap((shape, i) => ['m', 'v'].map((name) => [`${name}.parameter.${i}`, tensor(shape)] as const)),
);
const parts: Readonly<Record<TrainingPart, ReadonlyMap<string, FloatTensor>>> = { parameters, moments };
/** The part of an engine that checkpoints know. */
const engine = {
  read: (part: TrainingPart): TensorStream => streamOf(parts[part]),
  async write(part: TrainingPart, { data }: TensorStream): Promise<void> {
    const targets = parts[part].values();
    for await (const values of data()) targets.next().value!.data.set(values);
  },
};
const arrays = [...parameters.values(), ...moments.values()].map(({ data }) => data);
arrays.forEach(fill);
const nParameters = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
const arrayBytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
const peak = (): number => process.resourceUsage().maxRSS * 1024;
async function timed<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await run();
  const seconds = (performance.now() - started) / 1000;
  console.log(`${what.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s, peak memory ${gigabytes(peak())}`);
  return result;
}

try {
  console.log(`${(nParameters / 1e6).toFixed(1)} M parameters, ${gigabytes(arrayBytes)} with both moments`);
  const before = peak();
  const state = { step: 7, best: null, nWithoutImprovement: 0 };
  await timed('save', () => saveCheckpoint(runDir, state, engine));
  const found = await timed('verify', () => findStart(runDir, () => false).start);
  if (found?.step !== state.step) throw new Error('the checkpoint is not found whole');
  for (const data of arrays) data.fill(0);
  await timed('restore', () => restoreTraining(runDir, state.step, engine));
  if (!arrays.every(isFilled)) throw new Error('what was restored differs from what was saved');
  console.log(`restored as saved; ${gigabytes(peak() - before)} of memory beside the arrays`);
} finally {
  rmSync(runDir, { recursive: true, force: true });
}
