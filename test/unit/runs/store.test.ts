import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotate } from '../../../src/runs/annotation.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { listRuns, scanRuns, markBaseline } from '../../../src/runs/list-runs.ts';
import type { ListedRun } from '../../../src/runs/list-runs.ts';
import { FOREIGN_DEAD_MS, HEARTBEAT_OLD_MS, judgeForeign, judgeLocal } from '../../../src/runs/liveness.ts';
import {
  identifyProcess,
  identifySelf,
  isRunning,
  parseFileTime,
  parseProcStat,
  parsePs,
  startTimeOnLinux,
} from '../../../src/files/process-identity.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { takeRunLock } from '../../../src/runs/run-lock.ts';
import { judgeRun } from '../../../src/runs/judge-run.ts';
import { openRunStore } from '../../../src/runs/store.ts';
import type { RunChanges, RunStore } from '../../../src/runs/store.ts';
import { purgeTrash, listTrash, moveToTrash, restoreFromTrash } from '../../../src/runs/trash.ts';
import { tempFolder } from './temp-folder.ts';

const newRun = { name: 'x', job: 'train', experimentFile: '/x.yml' } as const;

const create = (folder: string, second = 0, name = 'x') =>
  createRun(folder, 'model: {}\n', { ...newRun, name }, new Date(2026, 0, 2, 3, 4, second));

function statusOf(runs: readonly ListedRun[], id: string): string {
  const run = runs.find((r) => r.id === id);
  if (run === undefined) return 'absent';
  return run.isReadable ? run.status : run.problem.code;
}

describe('listRuns', () => {
  it('is empty without a folder, and newest first with one', async () => {
    const folder = tempFolder();
    expect(await listRuns(join(folder, 'none'))).toEqual([]);
    const older = await create(folder, 1);
    const newer = await create(folder, 2);
    await annotate(older.runDir, { title: 'T', tags: ['a'] });
    const runs = await listRuns(folder);
    expect(runs.map((r) => r.id)).toEqual([newer.record.id, older.record.id]);
    expect(runs[1]).toMatchObject({ record: older.record, annotation: { title: 'T', tags: ['a'] }, status: 'queued' });
  });

  it('shows what cannot be read with its reason, and leaves out what is no run', async () => {
    const folder = tempFolder();
    const broken = await create(folder, 1);
    const newer = await create(folder, 2);
    const without = await create(folder, 3);
    const badNote = await create(folder, 4);
    writeFileSync(runPaths.record(broken.runDir), '{');
    writeFileSync(runPaths.record(newer.runDir), '{"version":9}');
    rmSync(runPaths.record(without.runDir));
    writeFileSync(runPaths.annotation(badNote.runDir), '[]');
    mkdirSync(join(folder, 'notes'));
    mkdirSync(join(folder, '.new-x'));
    writeFileSync(join(folder, 'file'), '');
    const runs = await listRuns(folder);
    expect(runs.length).toBe(4);
    expect(statusOf(runs, broken.record.id)).toBe('broken-file');
    expect(statusOf(runs, newer.record.id)).toBe('newer-version');
    expect(statusOf(runs, without.record.id)).toBe('no-run');
    expect(runs.find((r) => r.id === badNote.record.id)).toMatchObject({
      status: 'queued',
      annotationProblem: { code: 'broken-file' },
    });
  });

  it('tells running, stale and crashed apart by process, then heartbeat', async () => {
    const folder = tempFolder();
    const { runDir, record } = await create(folder);
    const self = await identifySelf();
    const status = async () => statusOf(await listRuns(folder), record.id);
    await updateRecord(runDir, { status: 'running', startedAt: Date.now(), process: self });
    expect(await status()).toBe('running');
    writeFileSync(runPaths.heartbeat(runDir), '');
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(runPaths.heartbeat(runDir), longAgo, longAgo);
    expect(await status()).toBe('running');
    utimesSync(runPaths.record(runDir), longAgo, longAgo);
    expect(await status()).toBe('stale');
    // The pid lives on, but as another process.
    await updateRecord(runDir, { process: { ...self, startTime: '1@boot' } });
    expect(await status()).toBe('crashed');
    await updateRecord(runDir, { status: 'finished' });
    expect(await status()).toBe('finished');
  });

  it('reads only what changed and keeps the objects of the rest', async () => {
    const folder = tempFolder();
    const a = await create(folder, 1);
    const b = await create(folder, 2);
    const first = await scanRuns(folder);
    await annotate(a.runDir, { note: 'n' });
    const second = await scanRuns(folder, first);
    expect(second.get(b.record.id)).toBe(first.get(b.record.id));
    expect(second.get(a.record.id)?.run).toMatchObject({ annotation: { note: 'n' } });
  });

  it('has at most one baseline', async () => {
    const folder = tempFolder();
    const a = await create(folder, 1);
    const b = await create(folder, 2);
    const baselines = async () =>
      (await listRuns(folder)).filter((r) => r.isReadable && r.annotation.isBaseline).map((r) => r.id);
    await markBaseline(folder, a.record.id);
    await markBaseline(folder, b.record.id);
    expect(await baselines()).toEqual([b.record.id]);
    await expect(markBaseline(folder, 'none')).rejects.toMatchObject({ problem: { code: 'no-run' } });
    await markBaseline(folder, undefined);
    expect(await baselines()).toEqual([]);
  });
});

describe('liveness', () => {
  it('follows pid and start time first, the heartbeat second', () => {
    expect(judgeLocal(true, 0)).toBe('alive');
    expect(judgeLocal(true, 10 * 3_600_000)).toBe('stale');
    expect(judgeLocal(false, 0)).toBe('dead');
    expect(judgeForeign(HEARTBEAT_OLD_MS)).toBe('alive');
    expect(judgeForeign(FOREIGN_DEAD_MS)).toBe('stale');
    expect(judgeForeign(FOREIGN_DEAD_MS + 1)).toBe('dead');
  });

  it('knows this process, and no process with another start time or no process at all', async () => {
    const self = await identifySelf();
    expect(self).toMatchObject({ pid: process.pid, host: hostname() });
    expect(self.startTime).not.toBe('');
    expect(await identifySelf()).toEqual(self);
    expect(await isRunning(self)).toBe(true);
    expect(await isRunning({ ...self, startTime: `${self.startTime}1` })).toBe(false);
    expect(await identifyProcess(2 ** 22 + 1)).toBeUndefined();
    expect(await identifyProcess(0)).toBeUndefined();
  });

  it('reads /proc/<pid>/stat, whatever the program is called', () => {
    const rest = 'S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20';
    expect(parseProcStat(`12 (node) ${rest}`)).toBe('4242');
    expect(parseProcStat(`12 (a) (b) c) ${rest}`)).toBe('4242');
    expect(parseProcStat(`12 (node) ${rest.replace('S', 'Z')}`)).toBeNull();
    expect(parseProcStat('')).toBeNull();
  });

  it('knows no start time of a process that /proc hides, and none of one that is gone', async () => {
    const hidden = tempFolder();
    expect(await startTimeOnLinux(process.pid, hidden)).toBe('');
    expect(await startTimeOnLinux(2 ** 22 + 1, hidden)).toBeNull();
  });

  it('reads ps of macOS', () => {
    expect(parsePs('Ss   Tue Sep  9 21:27:03 2025    \n')).toBe('Tue Sep 9 21:27:03 2025');
    expect(parsePs('Z+   Tue Sep 30 21:27:03 2025\n')).toBeNull();
    expect(parsePs('\n')).toBeNull();
  });

  it('reads what PowerShell prints', () => {
    expect(parseFileTime('134000000000000000\r\n')).toBe('134000000000000000');
    expect(parseFileTime('Get-Process : Cannot find a process\r\n')).toBeNull();
  });
});

describe('the trash', () => {
  it('takes a run and gives it back whole', async () => {
    const folder = tempFolder();
    const { record } = await create(folder);
    await moveToTrash(folder, record.id);
    expect([await listRuns(folder), await listTrash(folder)]).toEqual([[], [record.id]]);
    await restoreFromTrash(folder, record.id);
    expect(statusOf(await listRuns(folder), record.id)).toBe('queued');
    await moveToTrash(folder, record.id);
    await purgeTrash(folder);
    expect(await listTrash(folder)).toEqual([]);
    await expect(restoreFromTrash(folder, record.id)).rejects.toMatchObject({ problem: { code: 'no-run' } });
    await expect(moveToTrash(folder, record.id)).rejects.toMatchObject({ problem: { code: 'no-run' } });
  });

  it('refuses a run that is going on, and takes one that cannot be read', async () => {
    const folder = tempFolder();
    const { runDir, record } = await create(folder);
    await updateRecord(runDir, { status: 'running', process: await identifySelf() });
    await expect(moveToTrash(folder, record.id)).rejects.toMatchObject({ problem: { code: 'run-active' } });
    writeFileSync(runPaths.record(runDir), '');
    await moveToTrash(folder, record.id);
    expect(await listTrash(folder)).toEqual([record.id]);
  });

  it('refuses a run whose trainer has its lock but has not said so in run.json yet', async () => {
    const folder = tempFolder();
    const { runDir, record } = await create(folder);
    await updateRecord(runDir, { status: 'stopped' });
    const lock = await takeRunLock(runDir);
    await expect(moveToTrash(folder, record.id)).rejects.toMatchObject({ problem: { code: 'run-active' } });
    await lock.release();
    await moveToTrash(folder, record.id);
    expect(await listTrash(folder)).toEqual([record.id]);
  });
});

describe.skipIf(process.platform !== 'linux')('a runs folder on a file system that takes no folder', () => {
  it('is told in words', async () => {
    await expect(create('/proc/esci-lab/runs')).rejects.toMatchObject({ problem: { code: 'cannot-write' } });
  });
});

/** The next change of a store that a test accepts. */
function nextChange(store: RunStore, isIt: (changes: RunChanges) => boolean): Promise<RunChanges> {
  return new Promise((resolve) => {
    const end = store.onDidChange((changes) => {
      if (!isIt(changes)) return;
      end();
      resolve(changes);
    });
  });
}

describe.each([
  ['by the file system’s word', 3_600_000],
  ['by looking again', 30],
])('the run store learns %s', (_how, rescanMs) => {
  it('of new, changed and deleted runs', async () => {
    const folder = tempFolder();
    const store = await openRunStore(folder, { rescanMs });
    try {
      const added = nextChange(store, (c) => c.added.length > 0);
      const { runDir, record } = await create(folder);
      expect((await added).added).toEqual([record.id]);

      const changed = nextChange(store, (c) => c.changed.length > 0);
      await updateRecord(runDir, { status: 'running', process: await identifySelf() });
      expect((await changed).changed).toEqual([record.id]);
      expect(statusOf(store.runs, record.id)).toBe('running');

      const removed = nextChange(store, (c) => c.removed.length > 0);
      renameSync(runDir, join(tempFolder(), record.id));
      expect((await removed).removed).toEqual([record.id]);
      expect(store.runs).toEqual([]);
    } finally {
      store.dispose();
    }
  });
});

describe('the run store', () => {
  it('notices that a process is gone although no file changes', async () => {
    const folder = tempFolder();
    const { runDir, record } = await create(folder);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await updateRecord(runDir, { status: 'running', process: (await identifyProcess(child.pid!))! });
    const store = await openRunStore(folder, { rescanMs: 50 });
    try {
      expect(statusOf(store.runs, record.id)).toBe('running');
      const crashed = nextChange(store, () => statusOf(store.runs, record.id) === 'crashed');
      child.kill('SIGKILL');
      await crashed;
    } finally {
      store.dispose();
    }
  });

  it('takes no run for crashed whose trainer wrote its end and was gone before it was asked for', async () => {
    const { runDir } = await create(tempFolder());
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const gone = (await identifyProcess(child.pid!))!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const read = await updateRecord(runDir, { status: 'running', process: gone });
    expect((await judgeRun(runDir, read)).status).toBe('crashed');
    // What a reader has that looked a moment earlier, against what stands there now.
    await updateRecord(runDir, { status: 'finished' });
    expect(await judgeRun(runDir, read)).toMatchObject({ status: 'finished', liveness: undefined });
  });

  it('tells no one after it was disposed', async () => {
    const folder = tempFolder();
    const store = await openRunStore(folder, { rescanMs: 3_600_000 });
    let nCalls = 0;
    store.onDidChange(() => nCalls++);
    store.dispose();
    await create(folder);
    await store.refresh();
    expect([nCalls, store.runs.length]).toEqual([0, 0]);
  });
});
