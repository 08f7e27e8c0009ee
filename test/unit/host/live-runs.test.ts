import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openLiveRuns } from '../../../src/host/runs/live-runs.ts';
import type { LiveRuns } from '../../../src/host/runs/live-runs.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { identifyProcess } from '../../../src/files/process-identity.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { started, step } from '../runs/events.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(): Promise<{ folder: string; runs: LiveRuns; errors: unknown[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'live-runs-'));
  const errors: unknown[] = [];
  const runs = openLiveRuns({ pauseMs: 1, onError: (error) => errors.push(error) });
  await runs.setFolders([folder]);
  ends.push(() => rm(folder, { recursive: true, force: true }));
  ends.push(() => runs.dispose());
  return { folder, runs, errors };
}

/** A run whose process is a real one that waits. */
async function runningRun(folder: string) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  ends.push(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  const pid = child.pid!;
  const identity = (await identifyProcess(pid)) ?? { pid, startTime: '', host: hostname() };
  const { runDir } = await createRun(folder, '', { name: 'x', job: 'train', experimentFile: '/x.yml' });
  const log = openEventLog(runDir);
  log.append(started({ pid }));
  await updateRecord(runDir, { status: 'running', process: identity });
  return { child, runDir, log };
}

/** Settles once `isTrue` after a change. */
function until(runs: LiveRuns, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = runs.onDidChange(() => check());
    const check = () => {
      if (!isTrue()) return;
      end();
      resolve();
    };
    check();
  });
}

it('follows the events of a run that another process started, keeping the latest steps alone', async () => {
  const { folder, runs, errors } = await open();
  const { runDir, log } = await runningRun(folder);
  log.append(...Array.from({ length: 250 }, (_, i) => step(i + 1)));
  await runs.refresh();
  await until(runs, () => runs.get(runDir)?.state?.step === 250);
  expect(runs.get(runDir)?.state?.steps.step).toHaveLength(100);
  log.append(step(251));
  await until(runs, () => runs.get(runDir)?.state?.step === 251);
  expect(errors).toEqual([]);
});

it('tells the end of a run once, as crashed when its process is killed', async () => {
  const { folder, runs } = await open();
  const { runDir, child } = await runningRun(folder);
  const ended: string[] = [];
  const hasEnded = new Promise<void>((resolve) => {
    runs.onDidEnd(({ run }) => {
      ended.push(`${run.runDir} ${run.status}`);
      resolve();
    });
  });
  await runs.refresh();
  await until(runs, () => runs.get(runDir)?.state !== undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await hasEnded;
  await runs.refresh();
  expect(ended).toEqual([`${runDir} crashed`]);
  expect(runs.get(runDir)?.state).toBeUndefined();
});

it('forgets the runs of a folder that it is told to leave', async () => {
  const { folder, runs } = await open();
  await createRun(folder, '', { name: 'x', job: 'train', experimentFile: '/x.yml' });
  await runs.refresh();
  expect(runs.runs).toHaveLength(1);
  await runs.setFolders([]);
  expect(runs.runs).toHaveLength(0);
});
