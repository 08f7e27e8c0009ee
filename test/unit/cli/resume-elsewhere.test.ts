import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRun } from '../../../src/runs/create-run.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { tempFolder } from '../runs/temp-folder.ts';
import { cli } from './cli-run.ts';

it('says when a run that crashed under another name of this machine can be resumed', async () => {
  const runs = join(tempFolder(), 'runs');
  const run = { name: 'tiny', job: 'train', experimentFile: '/x.yml' } as const;
  const { runDir } = await createRun(runs, 'model: x', run);
  await updateRecord(runDir, { status: 'running', process: { pid: 7, startTime: '1', host: 'laptop.home' } });
  writeFileSync(runPaths.heartbeat(runDir), '');
  const aMinuteAgo = Date.now() / 1000 - 60;
  for (const path of [runPaths.heartbeat(runDir), runPaths.record(runDir)]) utimesSync(path, aMinuteAgo, aMinuteAgo);
  const { err } = await cli(['resume', 'latest', '--runs', runs]);
  expect(err).toContain('laptop.home shows no sign of life');
  expect(err).toContain('dead after 10 minutes');
});
