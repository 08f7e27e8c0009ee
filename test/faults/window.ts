/** A window of the editor as far as runs go: its queue of trainers resumes a run and waits for the end. `tsx window.ts RUN` */
import { dirname } from 'node:path';
import { openLiveRuns } from '../../src/host/runs/live-runs.ts';
import { openTrainers } from '../../src/host/trainers/trainers.ts';
import { findTrainer } from '../../src/process/find-trainer.ts';
import { ProblemError } from '../../src/vocabulary/problem.ts';
import { readRecord } from '../../src/runs/record.ts';
import { TRAINER } from './processes.ts';

const runDir = process.argv[2]!;
const onError = (error: unknown): void => {
  console.error(error instanceof ProblemError ? error.message : error);
  process.exit(error instanceof ProblemError ? 2 : 1);
};
const runs = openLiveRuns({ onError });
await runs.setFolders([dirname(runDir)]);
const trainers = openTrainers({
  ...{ runs, script: TRAINER, nodePath: () => '', maxParallel: () => 1, mayStart: () => true, queue: [] },
  ...{ remember: () => undefined, onError },
});
await trainers.resume(runDir, process.env['WINDOW_CWD'] ?? process.cwd());
while (trainers.isStarting(runDir) || (await findTrainer(runDir)) !== undefined) await runs.refresh();
const { status, problem } = await readRecord(runDir);
if (status !== 'finished') onError(new ProblemError(problem ?? { code: 'not-finished', message: status }));
runs.dispose();
