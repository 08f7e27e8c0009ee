/** Runs that commands start, as their folders tell of them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { RunRecord } from '../../src/protocol/run-record.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { readRecord } from '../../src/runs/record.ts';
import { inWorkspace, until } from './fixture.ts';

/** Folders of all runs of the workspace, oldest first. */
export async function runsOf(runsFolder = inWorkspace('runs')): Promise<readonly string[]> {
  const names = await readdir(runsFolder).catch(() => [] as string[]);
  return names.filter((name) => !name.startsWith('.')).map((name) => join(runsFolder, name));
}

/** The folder of the one run that `start` makes. */
export async function runOf(start: () => Promise<unknown>, runsFolder = inWorkspace('runs')): Promise<string> {
  const before = new Set(await runsOf(runsFolder));
  await start();
  const made = (await runsOf(runsFolder)).filter((runDir) => !before.has(runDir));
  if (made.length !== 1) throw new Error(`expected one new run, found ${made.length}`);
  return made[0]!;
}

/** A run's record once it is at its end, whatever that is. */
export function ended(runDir: string): Promise<RunRecord> {
  return until(`the end of ${runDir}`, async () => {
    const record = await readRecord(runDir);
    return !['queued', 'running'].includes(record.status) && record;
  });
}

/** Waits until the trainer has done this many optimiser steps, or more. */
export async function afterSteps(runDir: string, nSteps: number): Promise<void> {
  await until(`step ${nSteps} of ${runDir}`, async () => {
    const events = await eventsOf(runDir);
    const failed = events.find((event) => event.type === 'failed');
    if (failed !== undefined) throw new Error(JSON.stringify(failed));
    return events.some((event) => event.type === 'step' && event.step >= nSteps);
  });
}

/** A run's events; none before its trainer has begun. */
export async function eventsOf(runDir: string): Promise<readonly RunEvent[]> {
  return (await readEvents(runDir)).events;
}
