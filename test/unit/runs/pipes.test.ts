/** Pipes where a run folder has files: opening one waits for whoever writes to it, which may be nobody. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { collectReport } from '../../../src/runs/bug-report/collect.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { presentSteps, readCheckpoint } from '../../../src/runs/checkpoints.ts';
import { readExperimentText } from '../../../src/runs/experiment-text.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { listRuns } from '../../../src/runs/list-runs.ts';
import { readLogEnd } from '../../../src/runs/log/log-end.ts';
import { readEvents } from '../../../src/runs/log/read-events.ts';
import { tempFolder } from './temp-folder.ts';

const NO_FILE = { problem: { code: 'cannot-read', message: 'This is no ordinary file.' } };

function pipeAt(path: string): void {
  rmSync(path, { force: true });
  execFileSync('mkfifo', [path]);
}

it.skipIf(process.platform === 'win32')('keep no reader waiting', { timeout: 20_000 }, async () => {
  const folder = tempFolder();
  const { runDir: run } = await createRun(folder, 'model: {}\n', { name: 'x', job: 'train', experimentFile: '/x.yml' });
  pipeAt(runPaths.record(run));
  pipeAt(runPaths.events(run));
  pipeAt(runPaths.log(run));
  pipeAt(runPaths.experiment(run));
  execFileSync('mkdir', ['-p', runPaths.checkpoint(run, 1)]);
  pipeAt(join(runPaths.checkpoint(run, 1), 'state.json'));

  expect(await listRuns(folder)).toMatchObject([{ isReadable: false, ...NO_FILE }]);
  await expect(readEvents(run)).rejects.toMatchObject(NO_FILE);
  await expect(readLogEnd(run, 10)).rejects.toMatchObject(NO_FILE);
  await expect(readExperimentText(run)).rejects.toMatchObject(NO_FILE);
  const report = await collectReport(run, { app: 'command line', version: '1.2.3' }, folder);
  const inReport = new Map(report.files.map(({ name, text }) => [name, text]));
  for (const name of ['run.json', 'experiment.yml', 'events.jsonl', 'trainer.log']) {
    expect(JSON.parse(inReport.get(name)!)).toEqual({ unreadable: 'cannot-read' });
  }
  expect(readCheckpoint(run, 1).fault).toContain('state.json');
  expect(presentSteps(run)).toEqual([]);
});
