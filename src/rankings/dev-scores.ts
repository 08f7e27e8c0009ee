/** Scores of each evaluation on dev, in the order of the lines and products of `dev.jsonl`. */
import { readdir } from 'node:fs/promises';
import { LABELS } from '../vocabulary/label.ts';
import { parseStepName, runPaths } from '../runs/layout.ts';
import type { RankingsIndex } from './rankings-format.ts';
import { readScoreLists, writeScoreLists } from './score-lists.ts';
import { openSubfolder } from '../files/subfolder.ts';
import { errorCode } from '../files/os-problem.ts';

/** Stores the scores of the evaluation after a step, a list per query. */
export async function writeDevScores(runDir: string, step: number, scores: readonly Float32Array[]): Promise<void> {
  await openSubfolder(runDir, 'rankings', 'dev');
  await writeScoreLists(runPaths.devScores(runDir, step), scores);
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
  const nProducts = index.ids.map((_, row) => LABELS.reduce((sum, label) => sum + index.counts[label][row]!, 0));
  return readScoreLists(runPaths.devScores(runDir, step), nProducts, 'dev scores');
}
