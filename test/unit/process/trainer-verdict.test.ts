/** Whose process a run folder names: a run folder may come from anybody. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { identifyProcess, leadsGroup } from '../../../src/files/process-identity.ts';
import { findTrainer } from '../../../src/process/find-trainer.ts';
import { killTree } from '../../../src/process/signals.ts';
import { judgeTrainer } from '../../../src/process/trainer-verdict.ts';
import type { ProcessIdentity } from '../../../src/protocol/run-record.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { cli } from '../cli/cli-run.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const WAITS = "process.stdout.write('up\\n'); setInterval(() => {}, 1000);";

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** A process that runs `program` with these arguments and has begun. */
async function processOf(args: readonly string[] = [], program = WAITS, detached = false) {
  const child = spawn(process.execPath, ['-e', program, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached,
  });
  children.push(child);
  await once(child.stdout, 'data');
  return { child, pid: child.pid!, identity: (await identifyProcess(child.pid!))! };
}

async function runOf(identity?: ProcessIdentity) {
  const folder = tempFolder();
  const { runDir, record } = await createRun(folder, '', { name: 'x', job: 'train', experimentFile: '/x.yml' });
  if (identity !== undefined) await updateRecord(runDir, { status: 'running', process: identity });
  return { folder, runDir, id: record.id };
}

const jobOf = (runDir: string) => JSON.stringify({ kind: 'train', runDir, resume: false });

const isUp = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

describe('a process that a run folder names', () => {
  it('is never signalled for its pid alone', async () => {
    const { child, pid } = await processOf();
    const { folder, runDir, id } = await runOf({ pid, startTime: '', host: hostname() });
    await (await findTrainer(runDir))?.stop({ askMs: 0, terminateMs: 0 });
    await cli(['stop', id, '--now', '--runs', folder]);
    expect(await findTrainer(runDir)).toBeUndefined();
    expect(isUp(child)).toBe(true);
  });

  it('is never signalled when it is another program, though its start time is right', async () => {
    const { child, identity, pid } = await processOf();
    const { folder, runDir, id } = await runOf(identity);
    const stopped = await cli(['stop', id, '--now', '--runs', folder]);
    expect(stopped.err).toContain(`Process ${pid} was not signalled`);
    expect(stopped.code).toBe(2);
    expect(await findTrainer(runDir)).toBeUndefined();
    expect(isUp(child)).toBe(true);
  });

  it('is the trainer only of the run that its job names, by whatever path', async () => {
    const { folder, runDir } = await runOf();
    const other = await runOf();
    symlinkSync(folder, join(other.folder, 'link'), 'junction');
    const { identity } = await processOf([jobOf(join(other.folder, 'link', runDir.slice(folder.length + 1)))]);
    expect(await judgeTrainer(runDir, identity)).toBe('trainer');
    expect(await judgeTrainer(other.runDir, identity)).toBe('another');
    expect(await judgeTrainer(join(folder, 'nothing'), identity)).toBe('another');
    const probe = { kind: 'probe', text: '', experimentFile: '/x', runsFolder: '/x', runDir };
    const { identity: probing } = await processOf([
      JSON.stringify(probe),
      runDir,
      `{"runDir":${JSON.stringify(runDir)}}`,
    ]);
    expect(await judgeTrainer(runDir, probing)).toBe('another');
  });

  it('is never one of another machine, the first of a system, this one, or none', async () => {
    const { runDir } = await runOf();
    const { identity } = await processOf([jobOf(runDir)]);
    expect(await judgeTrainer(runDir, identity)).toBe('trainer');
    expect(await judgeTrainer(runDir, { ...identity, host: `${hostname()}x` })).toBe('another');
    expect(await judgeTrainer(runDir, { ...identity, startTime: '1@another boot' })).toBe('another');
    for (const pid of [1, 0, -1, -identity.pid, identity.pid + 0.5, process.pid, NaN, Infinity]) {
      const { startTime } = (await identifyProcess(pid)) ?? identity;
      expect(await judgeTrainer(runDir, { ...identity, pid, startTime }), String(pid)).toBe('another');
    }
  });

  it.runIf(process.platform === 'linux')(
    'is asked, but not signalled, when it hides what it was started with',
    async () => {
      const { folder, runDir, id } = await runOf();
      const { child, identity, pid } = await processOf([jobOf(runDir)], `process.title = ''; ${WAITS}`);
      expect(await judgeTrainer(runDir, identity)).toBe('unknown');
      await updateRecord(runDir, { status: 'running', process: identity });
      const trainer = await findTrainer(runDir);
      await expect(trainer!.stop({ askMs: 0 })).rejects.toMatchObject({ problem: { code: 'not-proven' } });
      const stopped = await cli(['stop', id, '--now', '--runs', folder]);
      expect([stopped.code, stopped.err]).toEqual([2, expect.stringContaining(`Process ${pid} was not signalled`)]);
      expect(isUp(child)).toBe(true);
    },
  );
});

describe.skipIf(process.platform === 'win32')('killing a tree', () => {
  it('reaches the group of a process that leads one, else the process alone', async () => {
    const [leader, member] = [await processOf([], WAITS, true), await processOf()];
    expect([await leadsGroup(leader.pid), await leadsGroup(member.pid), await leadsGroup(-1)]).toEqual([
      true,
      false,
      false,
    ]);
    await Promise.all([killTree(leader.pid), once(leader.child, 'exit')]);
    await Promise.all([killTree(member.pid), once(member.child, 'exit')]);
    await killTree(leader.pid);
  });
});
