/**
 * Saves, verifies and restores a checkpoint of 300 million trained parameters (more than xlm-roberta-base has) through the
 * checkpoint layer alone, and says how long each took and how much memory the process ever had. Needs 4 GB of disk and 5 GB
 * of memory: outside CI.
 *
 *     npx tsx test/bench/large-checkpoint.ts FOLDER
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FloatTensor } from '../../src/model/safetensors.ts';
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
const moments = new Map(shapes.map((shape, i) => [`parameter.${i}`, { m: tensor(shape).data, v: tensor(shape).data }]));
const arrays = [
  ...[...parameters.values()].map(({ data }) => data),
  ...[...moments.values()].flatMap(({ m, v }) => [m, v]),
];
arrays.forEach(fill);
const nParameters = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
const arrayBytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
const peak = (): number => process.resourceUsage().maxRSS * 1024;
function timed<T>(what: string, run: () => T): T {
  const started = performance.now();
  const result = run();
  const seconds = (performance.now() - started) / 1000;
  console.log(`${what.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s, peak memory ${gigabytes(peak())}`);
  return result;
}

try {
  console.log(`${(nParameters / 1e6).toFixed(1)} M parameters, ${gigabytes(arrayBytes)} with both moments`);
  const before = peak();
  const state = { step: 7, best: null, nWithoutImprovement: 0 };
  timed('save', () => saveCheckpoint(runDir, state, parameters, moments));
  const found = timed('verify', () => findStart(runDir, () => false).start);
  if (found?.step !== state.step) throw new Error('the checkpoint is not found whole');
  for (const data of arrays) data.fill(0);
  timed('restore', () => restoreTraining(runDir, state.step, parameters, moments));
  if (!arrays.every(isFilled)) throw new Error('what was restored differs from what was saved');
  console.log(`restored as saved; ${gigabytes(peak() - before)} of memory beside the arrays`);
} finally {
  rmSync(runDir, { recursive: true, force: true });
}
