import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunJob } from '../../protocol/jobs.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { runPaths } from '../../runs/layout.ts';

/** Files without which a run of a kind has not finished, whatever its log says. */
const RESULTS: { readonly [K in RunJob['kind']]: readonly ((runDir: string) => string)[] } = {
  train: [
    (runDir) => join(runPaths.model(runDir), 'model.safetensors'),
    (runDir) => runPaths.rankingsIndex(runDir, 'test'),
    (runDir) => runPaths.testScoresCsv(runDir),
  ],
  evaluate: [(runDir) => runPaths.rankingsIndex(runDir, 'test'), (runDir) => runPaths.testScoresCsv(runDir)],
};

/** The results of a job that are not in its run folder. */
export function missingResults({ kind, runDir }: RunJob): string[] {
  return RESULTS[kind].map((pathIn) => pathIn(runDir)).filter((path) => !existsSync(path));
}

/**
 * Refuses to call a job finished whose results are not all there.
 * @throws ProblemError `incomplete-run`
 */
export function requireResults(job: RunJob): void {
  const [missing] = missingResults(job);
  if (missing === undefined) return;
  throw new ProblemError({
    code: 'incomplete-run',
    message: 'A result of the run was moved or deleted before the run could end.',
    where: missing,
    next: 'Resume the run: what is missing is made again.',
  });
}
