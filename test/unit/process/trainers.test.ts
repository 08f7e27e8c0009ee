/** Real child processes: starting, following, finding again, stopping, killing. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { findNode } from '../../../src/process/find-node.ts';
import { findTrainer } from '../../../src/process/find-trainer.ts';
import { spawnTrainer } from '../../../src/process/spawn-trainer.ts';
import type { StopStage } from '../../../src/process/stop-trainer.ts';
import { tailEvents } from '../../../src/process/tail.ts';
import type { TailEnd, TailOptions } from '../../../src/process/tail.ts';
import type { TrainerProcess } from '../../../src/process/trainer-process.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { listRuns } from '../../../src/runs/list-runs.ts';
import { readLogEnd } from '../../../src/runs/log/log-end.ts';
import { identifyProcess } from '../../../src/files/process-identity.ts';
import { openEventReader, readEvents } from '../../../src/runs/log/read-events.ts';
import type { EventBatch } from '../../../src/runs/log/read-events.ts';
import { readRecord, updateRecord } from '../../../src/runs/record.ts';
import { requestStop } from '../../../src/runs/stop-request.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const script = fileURLToPath(new URL('../../fixtures/process/trainer.mjs', import.meta.url));
const parentScript = fileURLToPath(new URL('../../fixtures/process/parent.mjs', import.meta.url));
/** The fixtures import the product's TypeScript. */
const loader = { NODE_OPTIONS: `--import ${import.meta.resolve('tsx')}` };

const pids: number[] = [];
afterEach(() => {
  for (const pid of pids.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already, as it should be.
    }
  }
});

async function newRun(): Promise<{ folder: string; runDir: string }> {
  const folder = tempFolder();
  const { runDir } = await createRun(folder, '', { name: 'x', job: 'train', experimentFile: '/x.yml' });
  return { folder, runDir };
}

async function start(runDir: string, mode: string, resume = false): Promise<TrainerProcess> {
  const env = { ...loader, TRAINER_MODE: mode };
  const trainer = await spawnTrainer({
    node: await findNode(),
    script,
    job: { kind: 'train', runDir, resume },
    isResumed: resume,
    env,
  });
  pids.push(trainer.pid);
  return trainer;
}

/** Follows a run until `isEnough` or its end. */
async function follow(
  runDir: string,
  options: TailOptions = {},
  isEnough: (events: readonly RunEvent[]) => boolean = () => false,
): Promise<{ events: RunEvent[]; end: TailEnd | 'enough'; last: EventBatch | undefined }> {
  const tail = tailEvents(runDir, options);
  const events: RunEvent[] = [];
  let last: EventBatch | undefined;
  for (;;) {
    const { done, value } = await tail.next();
    if (done === true) return { events, end: value, last };
    last = value;
    events.push(...value.events);
    if (isEnough(events)) {
      await tail.return('aborted');
      return { events, end: 'enough', last };
    }
  }
}

const stepsOf = (events: readonly RunEvent[]) => events.flatMap((e) => (e.type === 'step' ? [e.step] : []));
const hasStep = (events: readonly RunEvent[]) => stepsOf(events).length >= 3;

describe('a trainer that runs to its end', () => {
  it('is followed from its first event to its last, and tells its exit code', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'three steps');
    const { events, end } = await follow(runDir, { trainer });
    expect(end).toBe('ended');
    expect(stepsOf(events)).toEqual([1, 2, 3]);
    expect(events[0]).toMatchObject({ type: 'started', pid: trainer.pid });
    expect(events.at(-1)?.type).toBe('finished');
    expect(await trainer.exited).toEqual({ code: 0, signal: null });
    expect(await trainer.isAlive()).toBe(false);
    expect(await findTrainer(runDir)).toBeUndefined();
    expect(await trainer.stop()).toEqual({ endedBy: 'already gone', ms: 0 });
    expect(existsSync(runPaths.stop(runDir))).toBe(false);
    // Replayed without its process, it is the same.
    const replay = await follow(runDir);
    expect(replay).toMatchObject({ end: 'ended', events });
    expect(foldEvents(NO_EVENTS, replay.events).status).toBe('finished');
  });
});

describe('stopping', () => {
  it('asks first: the trainer ends by itself, between steps', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'endless');
    await follow(runDir, { trainer }, hasStep);
    const stages: StopStage[] = [];
    const result = await trainer.stop({ onStage: (stage) => stages.push(stage) });
    expect([result.endedBy, stages]).toEqual(['asked', ['asked']]);
    expect(await trainer.exited).toEqual({ code: 3, signal: null });
    const { events } = await readEvents(runDir);
    expect(events.at(-1)).toMatchObject({ type: 'stopped', step: stepsOf(events).at(-1) });
    expect((await readRecord(runDir)).status).toBe('stopped');
  });

  it('signals a trainer that does not listen', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'ignores stop');
    await follow(runDir, { trainer }, hasStep);
    const stages: StopStage[] = [];
    const result = await trainer.stop({ askMs: 200, onStage: (stage) => stages.push(stage) });
    expect([result.endedBy, stages]).toEqual(['terminated', ['asked', 'terminated']]);
    expect(result.ms).toBeGreaterThanOrEqual(200);
    expect(await trainer.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('kills one that ignores the signal too', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'ignores all');
    await follow(runDir, { trainer }, hasStep);
    expect((await trainer.stop({ askMs: 100, terminateMs: 200 })).endedBy).toBe('killed');
    expect(await trainer.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await readLogEnd(runDir, 1)).toEqual(['SIGTERM ignored']);
  });

  it('kills its children with it', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'with child');
    await follow(runDir, { trainer }, hasStep);
    const childPid = Number(/^child (\d+)$/m.exec(readFileSync(runPaths.log(runDir), 'utf8'))?.[1]);
    pids.push(childPid);
    expect(() => process.kill(childPid, 0)).not.toThrow();
    await trainer.stop({ askMs: 0, terminateMs: 0 });
    await untilGone(childPid);
  });
});

describe('a trainer that dies', () => {
  it('by kill −9 ends the tail as crashed, shows as crashed, and can be resumed', async () => {
    const { folder, runDir } = await newRun();
    const trainer = await start(runDir, 'endless');
    const tail = follow(runDir, { trainer });
    const second = follow(runDir);
    await follow(runDir, { trainer }, hasStep);
    process.kill(trainer.pid, 'SIGKILL');
    expect(await trainer.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await tail).end).toBe('crashed');
    expect((await second).end).toBe('crashed');
    expect(stepsOf((await tail).events)).toEqual(stepsOf((await readEvents(runDir)).events));
    expect((await readRecord(runDir)).status).toBe('running');
    expect(await listRuns(folder)).toMatchObject([{ status: 'crashed' }]);
    expect(await findTrainer(runDir)).toBeUndefined();

    const again = await start(runDir, 'three steps', true);
    const { events, end } = await follow(runDir, { trainer: again });
    expect(end).toBe('ended');
    expect(foldEvents(NO_EVENTS, events)).toMatchObject({ status: 'finished', steps: { step: [1, 2, 3] } });
  });

  it('before it began leaves a failed run that says where to look', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'stillborn');
    expect((await follow(runDir, { trainer })).end).toBe('crashed');
    expect(await trainer.exited).toEqual({ code: 1, signal: null });
    expect(await readRecord(runDir)).toMatchObject({
      status: 'failed',
      problem: { code: 'trainer-died', where: runPaths.log(runDir) },
    });
    expect(await readLogEnd(runDir, 5)).toEqual(['no native module for this machine']);
    expect((await follow(runDir)).end).toBe('ended');
  });

  it('is not confused with a later process of the same pid', async () => {
    const { folder, runDir } = await newRun();
    const trainer = await start(runDir, 'endless');
    await follow(runDir, { trainer }, hasStep);
    await updateRecord(runDir, { process: { ...trainer.identity, startTime: '1@another boot' } });
    expect(await findTrainer(runDir)).toBeUndefined();
    expect(await listRuns(folder)).toMatchObject([{ status: 'crashed' }]);
    expect((await follow(runDir)).end).toBe('crashed');
    await updateRecord(runDir, { process: trainer.identity });
    expect((await findTrainer(runDir))?.pid).toBe(trainer.pid);
  });
});

describe('a trainer whose parent dies', () => {
  it('lives on, is found again, and can be followed and stopped from there', async () => {
    const { runDir } = await newRun();
    const parent = spawn(process.execPath, [parentScript, runDir, script], {
      env: { ...process.env, ...loader, TRAINER_MODE: 'endless' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await firstLine(parent));
    pids.push(pid);
    const { last } = await follow(runDir, {}, hasStep);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    // Steps that were taken after the parent's death.
    const { events } = await follow(
      runDir,
      { reader: openEventReader(runDir, last!.offset) },
      (all) => stepsOf(all).length >= 5,
    );
    expect(stepsOf(events)[0]).toBeGreaterThan(0);
    const found = await findTrainer(runDir);
    expect(found?.pid).toBe(pid);
    expect((await found!.stop()).endedBy).toBe('asked');
    expect(await found!.exited).toEqual({ code: null, signal: null });
    expect((await readEvents(runDir)).events.at(-1)?.type).toBe('stopped');
  });
});

describe('starting', () => {
  it('refuses a second trainer in the same run', async () => {
    const { runDir } = await newRun();
    const trainer = await start(runDir, 'endless');
    await follow(runDir, { trainer }, hasStep);
    await expect(start(runDir, 'endless', true)).rejects.toMatchObject({ problem: { code: 'run-active' } });
  });

  it('takes an old stop request back, and keeps the log of earlier trainers', async () => {
    const { runDir } = await newRun();
    await (
      await start(runDir, 'stillborn')
    ).exited;
    await requestStop(runDir);
    const trainer = await start(runDir, 'three steps', true);
    expect(stepsOf((await follow(runDir, { trainer })).events)).toEqual([1, 2, 3]);
    expect(await readLogEnd(runDir, 1)).toEqual(['no native module for this machine']);
  });

  it('leaves a stop request that came before the run began: its trainer sees it', async () => {
    const { runDir } = await newRun();
    await requestStop(runDir);
    const trainer = await start(runDir, 'endless');
    expect(await trainer.exited).toEqual({ code: 3, signal: null });
    expect((await readRecord(runDir)).status).toBe('stopped');
  });

  it('says so when the program cannot be run', async () => {
    const { runDir } = await newRun();
    const node = { command: '/no/such/node', env: {}, source: 'setting' } as const;
    const job = { kind: 'train', runDir, resume: false } as const;
    await expect(spawnTrainer({ node, script, job, isResumed: false })).rejects.toMatchObject({
      problem: { code: 'cannot-start' },
    });
    expect(await readRecord(runDir)).toMatchObject({ status: 'failed', problem: { code: 'cannot-start' } });
  });
});

describe('a tail', () => {
  it('ends without an error when it is aborted, also while it waits', async () => {
    const { runDir } = await newRun();
    const controller = new AbortController();
    const tail = follow(runDir, { signal: controller.signal, pollMs: 3_600_000 });
    setImmediate(() => controller.abort());
    expect(await tail).toMatchObject({ end: 'aborted', events: [] });
    expect(await follow(runDir, { signal: AbortSignal.abort() })).toMatchObject({ end: 'aborted' });
  });

  it('of a resumed run does not end at the end of the earlier trainer', async () => {
    const { runDir } = await newRun();
    await (
      await start(runDir, 'three steps')
    ).exited;
    const reader = openEventReader(runDir, (await readEvents(runDir)).offset);
    const trainer = await start(runDir, 'endless', true);
    const fromStart = follow(runDir, { trainer }, (events) => events.some((e) => e.type === 'resumed'));
    const fromOffset = follow(runDir, { trainer, reader }, hasStep);
    expect((await fromStart).end).toBe('enough');
    expect((await fromOffset).events[0]).toMatchObject({ type: 'resumed', pid: trainer.pid });
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text;
}

/** Waits for the end of a process that is no child of this one; a zombie that nobody buries has ended too. */
async function untilGone(pid: number): Promise<void> {
  await expect.poll(() => identifyProcess(pid), { timeout: 10_000 }).toBeUndefined();
}
