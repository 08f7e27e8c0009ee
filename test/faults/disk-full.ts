/** A disk that is full: a real one, a limit on the size of files, and calls that fail as the system lets them. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunJob } from '../../src/protocol/jobs.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { wholeCheckpoints } from './checkpoints.ts';
import { pick, Skipped } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault, Try } from './fault.ts';
import type { Part, Plan } from './inject/plan.ts';
import { drawMoment } from './kill.ts';
import { mountMemory, unmount } from './mounts.ts';
import { startTrainer, whatHappened } from './processes.ts';
import type { Ended } from './processes.ts';
import { bringToEnd, exitText, hashOf, recordOf, requireCleanExit, requireSameEnd } from './run-end.ts';
import { ARTIFACTS, freshRun, planFor } from './fixture.ts';

/** What may be wrong when nothing can be written. */
const CODES: readonly (string | undefined)[] = ['disk-full', 'cannot-write', 'file-too-large', 'read-only'];

const PARTS: readonly Part[] = ['checkpoint', 'model', 'rankings', 'record', 'events', 'artifacts'];

/**
 * Asks that a run which could not write says why: in its record, its log and its exit code; or that it has finished, whole: there
 * was room enough, or it warned about an output that it does not need. `folder` is where the trainer worked.
 */
async function requireReason({ fixture }: Try, folder: string, runDir: string, ended: Ended): Promise<void> {
  requireCleanExit(ended);
  const { status, problem } = await recordOf(runDir);
  const { events } = await readEvents(runDir);
  const warned = events.some((event) => event.type === 'warning' && event.problem.code === 'artifacts-not-written');
  if (ended.code === 0) {
    const output = join(folder, ARTIFACTS, 'output_dir', basename(runDir), 'model.safetensors');
    const isWhole = hashOf(output) === fixture.end.files['model/model.safetensors'];
    hold(isWhole || warned, 'the trainer ended well without a word about what it could not write');
    return requireSameEnd(fixture, runDir);
  }
  hold(status === 'failed', `run.json says ${status}; the trainer ended with ${exitText(ended)}`);
  hold(
    CODES.includes(problem?.code),
    `run.json gives as reason: ${problem?.code ?? 'none'}: ${problem?.message ?? ''}`,
  );
  hold(problem?.next !== undefined, 'the problem names no next step');
  hold(/free|space|full|write|limit/i.test(ended.err), `the log gives no reason: ${exitText(ended)}`);
  const model = join(runDir, 'model');
  hold(
    !existsSync(model) || hashOf(join(model, 'model.safetensors')) === fixture.end.files['model/model.safetensors'],
    'the model is a part of one',
  );
  const claimed = events.findLast((event) => event.type === 'checkpoint')?.step ?? 0;
  hold(
    (wholeCheckpoints(runDir).at(-1) ?? 0) >= claimed,
    `the log tells of checkpoint ${claimed}; none so new is whole`,
  );
}

const DISK_MB = 96;

/** A disk of its own that fills up at a moment of the run. */
const fullDisk: Fault = {
  name: 'disk full (a small disk is filled)',
  tries: (isShort) => (isShort ? 1 : 24),
  async run(context) {
    const { folder, fixture, random } = context;
    const disk = join(folder, 'disk');
    mountMemory(disk, DISK_MB);
    try {
      const runDir = await freshRun(fixture, disk);
      const filler = join(disk, 'filler');
      const leftBytes = [0, 4096, 1 << 16, 1 << 20, 3 << 20][random.nextBelow(5)]!;
      const plan: Plan = {
        ...{ ...planFor(runDir, disk), out: join(folder, 'happened') },
        moment: { ...drawMoment(context, pick(context, PARTS)), when: 'before' },
        action: { kind: 'fill', file: filler, leftBytes },
      };
      const job: RunJob = { kind: 'train', runDir, resume: false };
      const ended = await startTrainer(job, { cwd: disk }, plan).done;
      context.describe(`${whatHappened(plan)}, ${leftBytes} bytes left`);
      await requireReason(context, disk, runDir, ended);
      rmSync(filler);
      await bringToEnd(fixture, runDir, disk);
    } finally {
      unmount(disk);
    }
  },
};

/** No file may grow above a size. */
const fileLimit: Fault = {
  name: 'file too large (a limit of the system)',
  tries: (isShort) => (isShort ? 1 : 10),
  async run(context) {
    const { folder, fixture, random } = context;
    if (process.platform !== 'linux') throw new Skipped('prlimit is of Linux');
    const runDir = await freshRun(fixture, folder);
    const limit = (64 << 10) + random.nextBelow((3 << 20) - (64 << 10));
    context.describe(`${limit} bytes`);
    const behind = ['prlimit', `--fsize=${limit}`];
    const ended = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder, behind }).done;
    if (ended.code === 0) throw new Error('the limit was above every file');
    await requireReason(context, folder, runDir, ended);
    await bringToEnd(fixture, runDir, folder);
  },
};

const ERRORS = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS'] as const;

/** One call fails, and the next would not. */
const failingCall: Fault = {
  name: 'one call that writes fails',
  tries: (isShort) => (isShort ? 2 : 48),
  async run(context) {
    const { folder, fixture, random, index } = context;
    const runDir = await freshRun(fixture, folder);
    const code = ERRORS[index % ERRORS.length]!;
    const plan: Plan = {
      ...planFor(runDir, folder),
      moment: { ...drawMoment(context, pick(context, PARTS)), when: random.nextBelow(2) === 0 ? 'before' : 'half' },
      action: { kind: 'error', code, lasts: false },
    };
    const ended = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder }, plan).done;
    context.describe(`${code} in ${whatHappened(plan)}`);
    await requireReason(context, folder, runDir, ended);
    await bringToEnd(fixture, runDir, folder);
  },
};

/** From one call on, none that writes works any more: the reason can only be told outside of the run folder. */
const failingDisk: Fault = {
  name: 'from one call on, nothing can be written',
  tries: (isShort) => (isShort ? 1 : 20),
  async run(context) {
    const { folder, fixture, index } = context;
    mkdirSync(folder, { recursive: true });
    const runDir = await freshRun(fixture, folder);
    const code = ERRORS[index % ERRORS.length]!;
    const plan: Plan = {
      ...planFor(runDir, folder),
      moment: { ...drawMoment(context, pick(context, PARTS)), when: 'before' },
      action: { kind: 'error', code, lasts: true },
    };
    const ended = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder }, plan).done;
    context.describe(`${code} from ${whatHappened(plan)} on`);
    requireCleanExit(ended);
    hold(ended.code !== 0, 'the trainer ended well, though nothing could be written');
    hold(ended.err.trim() !== '', 'the trainer ended without a word');
    await bringToEnd(fixture, runDir, folder);
  },
};

export const fullDisks: readonly Fault[] = [fullDisk, fileLimit, failingCall, failingDisk];
