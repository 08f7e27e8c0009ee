/** Run folders that may not be written to: of another user, and on a mount that is read-only. */
import { accessSync, chmodSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { RunJob } from '../../src/protocol/jobs.ts';
import { Skipped } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault, Try } from './fault.ts';
import { mountMemory, remount, unmount } from './mounts.ts';
import { CLI, esciLab, startNode, startTrainer } from './processes.ts';
import type { Ended } from './processes.ts';
import { bringToEnd, exitText, requireCleanExit } from './run-end.ts';
import { copyOf } from './fixture.ts';

/** The user `nobody`, who owns nothing. */
const NOBODY = 65_534;

/** What may not be written to, from the run folder on; the rest belongs to the other user. */
const LOCKED = ['', 'checkpoints', 'rankings', 'events.jsonl', 'heartbeat'] as const;

/** Asks for a refusal in words that names a file, and that the run is as it was but for its log. */
function requireRefusal(runDir: string, ended: Ended, before: string): void {
  requireCleanExit(ended);
  hold(ended.code === 2, `it ended with ${exitText(ended)}`);
  hold(/cannot write|read-only|may not/i.test(ended.err + ended.out), `it gives no reason: ${exitText(ended)}`);
  hold(contentsOf(join(runDir, 'checkpoints')) === before, 'the checkpoints have changed');
}

function contentsOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().join();
}

/** Runs as another user when this one is root, whom modes do not bind. */
function otherUser(): { user?: number } {
  return process.getuid?.() === 0 ? { user: NOBODY } : {};
}

async function requireOtherUser(context: Try): Promise<void> {
  if (process.platform === 'win32') throw new Skipped('modes of files mean nothing on Windows');
  const { code, err } = await startNode([CLI, '--version'], { cwd: '/', ...otherUser() }).done;
  if (code !== 0) throw new Skipped(`another user may not read this checkout: ${err.trim().split('\n').at(-1) ?? ''}`);
  // The try's folder is below a temporary one that only its owner may enter.
  for (let folder = context.folder; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      accessSync(folder, constants.W_OK);
      if (folder.includes('esci-lab-faults-')) chmodSync(folder, 0o755);
    } catch {
      return;
    }
  }
}

const ofAnotherUser: Fault = {
  name: 'read-only folder (as another user)',
  tries: (isShort) => (isShort ? 1 : 2 * LOCKED.length),
  async run(context) {
    await requireOtherUser(context);
    const { fixture, folder, index } = context;
    const runDir = copyOf(fixture, 'stopped', folder);
    const locked = LOCKED[index % LOCKED.length]!;
    const hasCli = index >= LOCKED.length || context.isShort;
    context.describe(`${locked === '' ? 'the run folder' : locked}, ${hasCli ? 'resumed' : 'trainer alone'}`);
    const user = otherUser();
    if (user.user !== undefined) execFileSync('chown', ['-R', String(NOBODY), folder]);
    if (user.user !== undefined) execFileSync('chown', ['-R', '0', join(runDir, locked)]);
    const mode = existsSync(join(runDir, locked, '.')) ? 0o555 : 0o444;
    chmodSync(join(runDir, locked), mode);
    const before = contentsOf(join(runDir, 'checkpoints'));
    const record = readFileSync(join(runDir, 'run.json'), 'utf8');
    const job: RunJob = { kind: 'train', runDir, resume: true };
    const ended = hasCli
      ? await esciLab(['resume', runDir], { cwd: folder, ...user })
      : await startTrainer(job, { cwd: folder, ...user }).done;
    if (ended.code !== 0) requireRefusal(runDir, ended, before);
    if (locked === '') hold(readFileSync(join(runDir, 'run.json'), 'utf8') === record, 'run.json has changed');
    chmodSync(join(runDir, locked), 0o755);
    if (user.user !== undefined) execFileSync('chown', ['-R', '0', folder]);
    await bringToEnd(fixture, runDir, folder);
  },
};

const onReadOnlyMount: Fault = {
  name: 'read-only mount',
  tries: (isShort) => (isShort ? 1 : 3),
  async run(context) {
    const { fixture, folder, index } = context;
    const disk = join(folder, 'disk');
    mountMemory(disk, 96);
    try {
      const runDir = copyOf(fixture, 'stopped', disk);
      const before = contentsOf(disk);
      remount(disk, 'ro');
      const looked = await esciLab(['show', runDir], { cwd: folder });
      requireCleanExit(looked);
      hold(looked.code === 0, `show ended with ${exitText(looked)}`);
      const job: RunJob = { kind: 'train', runDir, resume: true };
      const ended =
        index % 2 === 0
          ? await esciLab(['resume', runDir], { cwd: folder })
          : await startTrainer(job, { cwd: folder }).done;
      requireRefusal(runDir, ended, contentsOf(join(runDir, 'checkpoints')));
      hold(contentsOf(disk) === before, 'files have changed');
      remount(disk, 'rw');
      await bringToEnd(fixture, runDir, disk);
    } finally {
      unmount(disk);
    }
  },
};

export const readOnly: readonly Fault[] = [ofAnotherUser, onReadOnlyMount];
