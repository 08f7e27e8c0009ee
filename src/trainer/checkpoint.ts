import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Moments } from '../engine/adamw.ts';
import { hashFile, type FileDigest } from '../files/hashed-file.ts';
import type { ParameterSet } from '../model/parameter-set.ts';
import { openSafetensors, writeSafetensors, type FloatTensor } from '../model/safetensors.ts';
import type { MetricValues } from '../protocol/events.ts';
import { ProblemError } from '../protocol/problem.ts';
import { parseStepName, runPaths } from '../runs/layout.ts';

/** Version of `state.json`. */
const CHECKPOINT_VERSION = 1;

/**
 * Everything besides parameters and moments that training goes on from. The order of the data, the dropout masks and
 * the learning rate follow from seed and step, so the step is their position.
 */
export interface TrainingState {
  /** Optimiser steps done. */
  readonly step: number;
  readonly best: { readonly step: number; readonly loss: number; readonly metrics: MetricValues } | null;
  /** Evaluations in a row without an improvement above the threshold. */
  readonly nWithoutImprovement: number;
}

interface StoredState extends TrainingState {
  readonly version: number;
  /** Size and SHA-256 of each file: a checkpoint that a power cut has torn is recognised. */
  readonly files: Readonly<Record<string, FileDigest>>;
}

/** Writes a checkpoint folder at once (temporary name, then rename) and returns its size in bytes. */
export function saveCheckpoint(
  runDir: string,
  state: TrainingState,
  parameters: ParameterSet,
  moments: ReadonlyMap<string, Moments>,
): number {
  const folder = runPaths.checkpoint(runDir, state.step);
  const nBytes = 4 * ([...parameters.values()].reduce((sum, { data }) => sum + data.length, 0) + momentFloats(moments));
  requireDiskSpace(runDir, nBytes, 'a checkpoint');
  const temporary = `${folder}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const files = {
    'model.safetensors': writeSafetensors(join(temporary, 'model.safetensors'), parameters, { format: 'pt' }),
    'optimizer.safetensors': writeSafetensors(join(temporary, 'optimizer.safetensors'), momentTensors(moments)),
  };
  const stored: StoredState = { version: CHECKPOINT_VERSION, ...state, files };
  writeFileSync(join(temporary, 'state.json'), `${JSON.stringify(stored, null, 2)}\n`, { flush: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  return nBytes;
}

/** Steps that have a checkpoint folder, ascending. */
export function checkpointSteps(runDir: string): number[] {
  const folder = runPaths.checkpoints(runDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => parseStepName(name) ?? [])
    .filter((step) => existsSync(join(runPaths.checkpoint(runDir, step), 'state.json')))
    .sort((a, b) => a - b);
}

/** State of the newest checkpoint whose files are whole, null when there is none. */
export function newestCheckpoint(runDir: string): TrainingState | null {
  for (const step of checkpointSteps(runDir).reverse()) {
    const state = readState(runDir, step);
    if (state !== null) return state;
  }
  return null;
}

function readState(runDir: string, step: number): StoredState | null {
  const folder = runPaths.checkpoint(runDir, step);
  try {
    const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as StoredState;
    const isWhole = Object.entries(state.files).every(([name, file]) => {
      const found = hashFile(join(folder, name));
      return found.bytes === file.bytes && found.sha256 === file.sha256;
    });
    return state.version === CHECKPOINT_VERSION && isWhole ? state : null;
  } catch {
    return null;
  }
}

/** Overwrites the parameters, and the moments where given, with those of a checkpoint. */
export function restoreCheckpoint(
  runDir: string,
  step: number,
  parameters: ParameterSet,
  moments: ReadonlyMap<string, Moments> | null,
): void {
  const folder = runPaths.checkpoint(runDir, step);
  copyInto(join(folder, 'model.safetensors'), parameters);
  if (moments !== null) copyInto(join(folder, 'optimizer.safetensors'), momentTensors(moments));
}

/** Reads a file's tensors over those of `targets`; nothing is touched unless all of them fit. */
function copyInto(path: string, targets: ReadonlyMap<string, FloatTensor>): void {
  const file = openSafetensors(path);
  try {
    const found = Array.from(targets, ([name, { data }]) => {
      const stored = file.tensors.get(name);
      if (stored?.dtype === 'F32' && stored.nBytes === data.byteLength) return { stored, data };
      throw new ProblemError({
        code: 'foreign-checkpoint',
        message: `the checkpoint does not fit the model: ${name} has ${stored?.nBytes ?? 0} bytes, expected ${data.byteLength}`,
        where: path,
        next: 'Start the experiment again; experiment.yml of a run is not to be changed.',
      });
    });
    for (const { stored, data } of found) file.readInto(stored, data);
  } finally {
    file.close();
  }
}

/** Removes all checkpoints but those of the given steps. */
export function pruneCheckpoints(runDir: string, keep: readonly number[]): void {
  for (const step of checkpointSteps(runDir)) {
    if (!keep.includes(step)) rmSync(runPaths.checkpoint(runDir, step), { recursive: true, force: true });
  }
}

/** Removes the optimiser's state from all checkpoints: at the end it is of no use, and twice the size of the model. */
export function dropOptimizerState(runDir: string): void {
  for (const step of checkpointSteps(runDir)) {
    rmSync(join(runPaths.checkpoint(runDir, step), 'optimizer.safetensors'), { force: true });
  }
}

/** Throws a problem when the volume of `folder` has fewer than `nBytes` free. */
export function requireDiskSpace(folder: string, nBytes: number, what: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= nBytes) return;
  const inMiB = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new ProblemError({
    code: 'disk-full',
    message: `${inMiB(free)} free, ${inMiB(nBytes)} needed for ${what}`,
    where: folder,
    next: 'Free some space (old runs are in the runs folder), then resume.',
  });
}

function momentFloats(moments: ReadonlyMap<string, Moments>): number {
  return [...moments.values()].reduce((sum, { m, v }) => sum + m.length + v.length, 0);
}

function momentTensors(moments: ReadonlyMap<string, Moments>): Map<string, FloatTensor> {
  return new Map(
    [...moments].flatMap(([name, { m, v }]): [string, FloatTensor][] => [
      [`m.${name}`, { shape: [m.length], data: m }],
      [`v.${name}`, { shape: [v.length], data: v }],
    ]),
  );
}
