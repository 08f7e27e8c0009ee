/** Writing and restoring checkpoints. What a checkpoint is, and which are whole, is in src/runs/checkpoints.ts. */
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEngine, TrainingPart } from '../../engine/engine.ts';
import { syncFolderSync } from '../../files/durable.ts';
import { writeProblem } from '../../files/os-problem.ts';
import { openSafetensors, streamSafetensors, type SafetensorsReader } from '../../model/safetensors.ts';
import { sizeOf } from '../../graph/shape.ts';
import { nFloats, type TensorStream } from '../../model/tensor-stream.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import {
  CHECKPOINT_FILES,
  CHECKPOINT_VERSION,
  checkpointSteps,
  readCheckpoint,
  restorableSteps,
  type StoredState,
  type TrainingState,
} from '../../runs/checkpoints.ts';
import { runPaths } from '../../runs/layout.ts';

/**
 * Writes a checkpoint folder at once (temporary name, then rename), durable against a power cut, and returns its size in bytes.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`
 */
export async function saveCheckpoint(
  runDir: string,
  state: TrainingState,
  { read }: Pick<TrainingEngine, 'read'>,
): Promise<number> {
  const folder = runPaths.checkpoint(runDir, state.step);
  const [parameters, moments] = [read('parameters'), read('moments')];
  const nBytes = 4 * (nFloats(parameters) + nFloats(moments));
  requireDiskSpace(runDir, nBytes, 'a checkpoint');
  const temporary = `${folder}.tmp`;
  try {
    makeFolder(runPaths.checkpoints(runDir));
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary);
    const files = {
      [CHECKPOINT_FILES.parameters]: await streamSafetensors(join(temporary, CHECKPOINT_FILES.parameters), parameters, {
        format: 'pt',
      }),
      [CHECKPOINT_FILES.moments]: await streamSafetensors(join(temporary, CHECKPOINT_FILES.moments), moments),
    };
    const stored: StoredState = { version: CHECKPOINT_VERSION, ...state, files };
    writeFileSync(join(temporary, 'state.json'), `${JSON.stringify(stored, null, 2)}\n`, { flush: true });
    syncFolderSync(temporary);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    syncFolderSync(runPaths.checkpoints(runDir));
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw writeProblem(error, folder);
  }
  return nBytes;
}

/** A folder in one that exists: a run folder that was deleted does not come back. */
function makeFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path);
}

/** Where training goes on from. */
export interface Start {
  /** Of the newest whole checkpoint; null where there is none at all. */
  readonly start: TrainingState | null;
  /** What is to be said about newer checkpoints that are not whole. */
  readonly passedOver: readonly Problem[];
}

/**
 * Finds the newest whole checkpoint. One of a training that is over (`isTrained`) is whole without its moments.
 * @throws ProblemError `checkpoints-damaged` when there are checkpoints and none is whole: training does not begin anew unasked;
 * `newer-version`
 */
export function findStart(runDir: string, isTrained: (state: TrainingState) => boolean): Start {
  const passedOver: Problem[] = [];
  for (const step of checkpointSteps(runDir).reverse()) {
    const found = readCheckpoint(runDir, step);
    if (found.state !== undefined) return { start: found.state, passedOver };
    const parametersOnly = readCheckpoint(runDir, step, [CHECKPOINT_FILES.parameters]);
    if (parametersOnly.state !== undefined && isTrained(parametersOnly.state)) {
      return { start: parametersOnly.state, passedOver };
    }
    passedOver.push({
      code: 'checkpoint-damaged',
      message: `The checkpoint of step ${step} is passed over: ${found.fault}.`,
      where: runPaths.checkpoint(runDir, step),
    });
  }
  if (passedOver.length === 0) return { start: null, passedOver };
  throw new ProblemError({
    code: 'checkpoints-damaged',
    message: `No checkpoint of the run is whole. ${passedOver.map(({ message }) => message).join(' ')}`,
    where: runPaths.checkpoints(runDir),
    next: 'Bring the files back and resume, or start the experiment again.',
  });
}

/** Step of the newest checkpoint by its `state.json` alone; 0 when there is none. */
export function newestStep(runDir: string): number {
  return checkpointSteps(runDir).findLast((step) => readCheckpoint(runDir, step, []).state !== undefined) ?? 0;
}

/** Overwrites parameters and moments with those of a checkpoint that `findStart` found whole. */
export async function restoreTraining(
  runDir: string,
  step: number,
  engine: Pick<TrainingEngine, 'read' | 'write'>,
): Promise<void> {
  await restore(runDir, step, ['parameters', 'moments'], engine);
}

/**
 * Overwrites the parameters with those of a checkpoint, once their file was found to be what was written.
 * @throws ProblemError as `requireParameters`
 */
export async function restoreParameters(
  runDir: string,
  step: number,
  engine: Pick<TrainingEngine, 'read' | 'write'>,
): Promise<void> {
  requireParameters(runDir, step);
  await restore(runDir, step, ['parameters'], engine);
}

/**
 * Asks for a checkpoint whose parameters are what was written.
 * @throws ProblemError `checkpoint-lost`, which names the checkpoints that a person may take instead (`TrainJob.finalStep`)
 */
export function requireParameters(runDir: string, step: number): void {
  const { fault } = readCheckpoint(runDir, step, [CHECKPOINT_FILES.parameters]);
  if (fault === undefined) return;
  const whole = restorableSteps(runDir);
  const last = checkpointSteps(runDir).at(-1);
  const named = whole.map((other) => `step ${other}${other === last ? ' (the last weights)' : ''}`).join(', ');
  throw new ProblemError({
    code: 'checkpoint-lost',
    message: `The checkpoint of step ${step}, to be tested and saved, cannot be restored: ${fault}. ${
      whole.length === 0 ? 'No other checkpoint is whole.' : `Still whole: ${named}.`
    }`,
    where: runPaths.checkpoint(runDir, step),
    next:
      whole.length === 0
        ? 'Bring its files back and resume, or start the experiment again.'
        : `Bring its files back and resume, or resume with another one (in a terminal: --final-step ${whole.at(-1)}).`,
  });
}

/** @throws ProblemError `foreign-checkpoint`, before anything is overwritten */
async function restore(
  runDir: string,
  step: number,
  parts: readonly TrainingPart[],
  engine: Pick<TrainingEngine, 'read' | 'write'>,
): Promise<void> {
  const files: SafetensorsReader[] = [];
  try {
    const found = parts.map((part) => {
      const file = openSafetensors(join(runPaths.checkpoint(runDir, step), CHECKPOINT_FILES[part]));
      files.push(file);
      return { part, tensors: storedStream(file, engine.read(part).entries) };
    });
    for (const { part, tensors } of found) await engine.write(part, tensors);
  } finally {
    for (const file of files) file.close();
  }
}

/** The entries as they are stored in a file. */
function storedStream(file: SafetensorsReader, entries: TensorStream['entries']): TensorStream {
  const stored = entries.map(({ name, shape }) => {
    const tensor = file.tensors.get(name);
    const nBytes = 4 * sizeOf(shape);
    if (tensor?.dtype === 'F32' && tensor.nBytes === nBytes) return tensor;
    throw new ProblemError({
      code: 'foreign-checkpoint',
      message: `the checkpoint does not fit the model: ${name} has ${tensor?.nBytes ?? 0} bytes, expected ${nBytes}`,
      where: file.path,
      next: 'Start the experiment again; experiment.yml of a run is not to be changed.',
    });
  });
  return {
    entries,
    // eslint-disable-next-line @typescript-eslint/require-await -- files are read in one go, other streams are not
    async *data() {
      for (const tensor of stored) yield file.floats(tensor);
    },
  };
}

/** Removes all checkpoints but those of the given steps. */
export function pruneCheckpoints(runDir: string, keep: readonly number[]): void {
  for (const step of checkpointSteps(runDir)) {
    if (!keep.includes(step)) rmSync(runPaths.checkpoint(runDir, step), { recursive: true, force: true });
  }
}

/** Removes the optimiser's state from all checkpoints: once a run has finished it is of no use, and twice the size of the model. */
export function dropOptimizerState(runDir: string): void {
  for (const step of checkpointSteps(runDir)) {
    rmSync(join(runPaths.checkpoint(runDir, step), CHECKPOINT_FILES.moments), { recursive: true, force: true });
  }
}

/** Bytes that the run's checkpoints hold already. */
export function checkpointBytes(runDir: string): number {
  const files = checkpointSteps(runDir).flatMap((step) =>
    Object.values(CHECKPOINT_FILES).map((name) => join(runPaths.checkpoint(runDir, step), name)),
  );
  return files.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Throws a problem when the volume of `folder` has fewer than `nBytes` free. */
export function requireDiskSpace(folder: string, nBytes: number, what: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= nBytes) return;
  throw new ProblemError({
    code: 'disk-full',
    message: `The disk is too full: ${bytesText(free)} free, ${bytesText(nBytes)} needed for ${what}.`,
    where: folder,
    next: 'Free some space (old runs are in the runs folder), then resume.',
  });
}
