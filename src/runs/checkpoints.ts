/** The checkpoints of a run: which there are, which are whole, and what they hold besides tensors. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readWithin } from '../files/file-ranges.ts';
import { hashFile } from '../files/hashed-file.ts';
import type { FileDigest } from '../files/hashed-file.ts';
import { count, finite, formatWrongs, mapOf, object, orNull, text } from '../vocabulary/check.ts';
import type { Infer } from '../vocabulary/check.ts';
import { metricValuesCheck } from '../protocol/events.ts';
import { ownOf } from '../vocabulary/own.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { parseStepName, runPaths } from './layout.ts';
import { refuseNewer } from './read-json.ts';

/** Largest `state.json` that is read: it has some hundred bytes, and some more for each metric. */
const MAX_STATE_BYTES = 1 << 20;

/** Version of `state.json`. */
export const CHECKPOINT_VERSION = 1;

/** The tensors of a checkpoint: the parameters, and AdamW's moments, which go when a run has finished. */
export const CHECKPOINT_FILES = { parameters: 'model.safetensors', moments: 'optimizer.safetensors' } as const;

const stateCheck = object({
  version: count,
  /** Optimiser steps done. */
  step: count,
  best: orNull(object({ step: count, loss: finite, metrics: metricValuesCheck })),
  /** Evaluations in a row without an improvement above the threshold. */
  nWithoutImprovement: count,
  /** Size and SHA-256 of each file: a checkpoint that a power cut has torn is recognised. */
  files: mapOf(object({ bytes: count, sha256: text })),
});

/** Content of `state.json`. */
export type StoredState = Infer<typeof stateCheck>;

/**
 * Everything besides parameters and moments that training goes on from. The order of the data, the dropout masks and
 * the learning rate follow from seed and step, so the step is their position.
 */
export type TrainingState = Omit<StoredState, 'version' | 'files'>;

/** A checkpoint folder as found. */
export type FoundCheckpoint =
  | { readonly step: number; readonly state: StoredState; readonly fault: undefined }
  | { readonly step: number; readonly state: undefined; readonly fault: string };

/** Steps that have a checkpoint folder, whole or not, ascending. */
export function checkpointSteps(runDir: string): number[] {
  const folder = runPaths.checkpoints(runDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => parseStepName(name) ?? [])
    .sort((a, b) => a - b);
}

/**
 * Reads a checkpoint's `state.json` and compares those of its files that `needs` names with their digests, which reads them whole.
 * @throws ProblemError `newer-version`
 */
export function readCheckpoint(
  runDir: string,
  step: number,
  needs: readonly string[] = Object.values(CHECKPOINT_FILES),
): FoundCheckpoint {
  const folder = runPaths.checkpoint(runDir, step);
  const path = join(folder, 'state.json');
  const faulty = (fault: string): FoundCheckpoint => ({ step, state: undefined, fault });
  let value: unknown;
  try {
    value = JSON.parse(readWithin(path, MAX_STATE_BYTES, (found) => new Error(found)).toString('utf8'));
  } catch (error) {
    return faulty(existsSync(path) ? `state.json: ${(error as Error).message}` : 'no state.json');
  }
  refuseNewer(value, CHECKPOINT_VERSION, path);
  const wrongs = stateCheck(value, '');
  if (wrongs.length > 0) return faulty(`state.json: ${formatWrongs(wrongs)}`);
  const state = value as StoredState;
  if (state.step !== step) return faulty(`state.json is of step ${state.step}`);
  for (const name of needs) {
    const fault = faultOf(join(folder, name), ownOf(state.files, name));
    if (fault !== undefined) return faulty(`${name} ${fault}`);
  }
  return { step, state, fault: undefined };
}

function faultOf(path: string, expected: FileDigest | undefined): string | undefined {
  if (expected === undefined) return 'is not listed in state.json';
  if (!existsSync(path)) return 'is missing';
  try {
    const found = hashFile(path);
    if (found.bytes !== expected.bytes) return `has ${found.bytes} bytes instead of ${expected.bytes}`;
    return found.sha256 === expected.sha256 ? undefined : 'is damaged (its SHA-256 is another)';
  } catch (error) {
    return error instanceof ProblemError ? `cannot be read: ${error.problem.message}` : String(error);
  }
}

/** Steps of the checkpoints that look whole, ascending: their parameters are there and of the right size, but nobody read them. */
export function presentSteps(runDir: string): number[] {
  return checkpointSteps(runDir).filter((step) => {
    const { state } = readCheckpoint(runDir, step, []);
    const name = CHECKPOINT_FILES.parameters;
    const path = join(runPaths.checkpoint(runDir, step), name);
    return state !== undefined && statSync(path, { throwIfNoEntry: false })?.size === state.files[name]?.bytes;
  });
}

/** Steps of the checkpoints whose parameters are whole, ascending: what a run can be ended with when its best checkpoint is lost. */
export function restorableSteps(runDir: string): number[] {
  return checkpointSteps(runDir).filter(
    (step) => readCheckpoint(runDir, step, [CHECKPOINT_FILES.parameters]).fault === undefined,
  );
}
