/** Scores of each evaluation on dev, compact: little-endian float32 in the order of the lines and products of `dev.jsonl`. */
import { readFile, readdir } from 'node:fs/promises';
import { LABELS } from '../metrics/label.ts';
import { ProblemError } from '../protocol/problem.ts';
import { parseStepName, runPaths } from './layout.ts';
import type { RankingsIndex } from './rankings-format.ts';
import { errorCode, writeFileAtomic } from './write-file.ts';

/** Stores the scores of the evaluation after a step. */
export async function writeDevScores(runDir: string, step: number, scores: Float32Array): Promise<void> {
  const bytes = Buffer.alloc(scores.length * 4);
  scores.forEach((score, i) => bytes.writeFloatLE(score, i * 4));
  await writeFileAtomic(runPaths.devScores(runDir, step), bytes);
}

/** Steps of which dev scores are stored, ascending. */
export async function listDevScores(runDir: string): Promise<number[]> {
  try {
    const names = await readdir(runPaths.devScoresFolder(runDir));
    return names.flatMap((name) => parseStepName(name) ?? []).sort((a, b) => a - b);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The dev scores after a step, a list per query in the order of `dev.jsonl`; `index` is that file's. Undefined when no
 * evaluation of that step is stored.
 * @throws ProblemError `broken-file` when there are not as many scores as products
 */
export async function readDevScores(
  runDir: string,
  step: number,
  index: RankingsIndex,
): Promise<Float32Array[] | undefined> {
  const path = runPaths.devScores(runDir, step);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const nProducts = index.ids.map((_, row) => LABELS.reduce((sum, label) => sum + index.counts[label][row]!, 0));
  const nScores = nProducts.reduce((sum, n) => sum + n, 0);
  if (bytes.length !== nScores * 4) {
    const message = `Found ${bytes.length / 4} dev scores, expected ${nScores}, one per product of dev.jsonl.`;
    throw new ProblemError({ code: 'broken-file', message, where: path });
  }
  const all = Float32Array.from({ length: nScores }, (_, i) => bytes.readFloatLE(i * 4));
  let start = 0;
  return nProducts.map((n) => all.subarray(start, (start += n)));
}
