import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FormatName } from './formats.ts';
import type { Said } from './messages.ts';
import { MOST_MEGABYTES } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** How long an input may keep a worker silent, in ms of wall clock: the machine may be busy with other things. */
const SILENCE_MS = 30_000;
const START_MS = 60_000;

/** How a batch ended early: the input at work when the process died or was ended for its silence. */
export interface Interrupted {
  readonly nDone: number;
  readonly kind: 'died' | 'hung';
  readonly message: string;
}

/** A worker with a heap limit and a watchdog. It is used for one batch at a time. */
export interface WorkerProcess {
  /** Reads inputs one after the other; undefined when it came to their end. */
  run(
    format: FormatName,
    inputs: readonly Uint8Array[],
    onVerdict: (verdict: Verdict, index: number) => void,
  ): Promise<Interrupted | undefined>;
  readonly isAlive: () => boolean;
  /** Ends the process and removes its folder. */
  close(): Promise<void>;
}

/** The program of a worker, and how long it may be silent. */
export interface WorkerProgram {
  readonly path: string;
  readonly silenceMs: number;
}

const READING: WorkerProgram = { path: fileURLToPath(new URL('worker.ts', import.meta.url)), silenceMs: SILENCE_MS };

/** Starts a worker and waits until it is ready. */
export async function startWorker({ path, silenceMs }: WorkerProgram = READING): Promise<WorkerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'esci-fuzz-'));
  const child = fork(path, [folder], {
    execArgv: ['--import', 'tsx', `--max-old-space-size=${MOST_MEGABYTES}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const printed = endOf(child);
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = `${signal ?? `exit code ${code}`}${printed()}`;
      resolve();
    });
  });
  await listen(
    child,
    START_MS,
    () => ended,
    (said) => said === 'ready',
  );
  if (ended !== undefined) throw new Error(`The worker did not start: ${ended}`);

  return {
    isAlive: () => ended === undefined,
    async run(format, inputs, onVerdict) {
      let nDone = 0;
      child.send({ format, inputs });
      const isSilent = await listen(
        child,
        silenceMs,
        () => ended,
        (said) => {
          if (said === 'ready') return false;
          onVerdict(said, nDone++);
          return nDone === inputs.length;
        },
      );
      if (nDone === inputs.length) return undefined;
      if (!isSilent) return { nDone, kind: 'died', message: ended ?? '' };
      child.kill('SIGKILL');
      await exited;
      return { nDone, kind: 'hung', message: `nothing for ${silenceMs / 1000} s` };
    },
    async close() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Hears what a worker says until `isLast`, until it has ended, or until it was silent for too long, which gives true. */
function listen(
  child: ChildProcess,
  silenceMs: number,
  ended: () => string | undefined,
  isLast: (said: Said) => boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (isSilent: boolean): void => {
      clearTimeout(timer);
      child.off('message', hear);
      child.off('exit', die);
      resolve(isSilent);
    };
    const timer = setTimeout(() => finish(true), silenceMs);
    const hear = (said: Said): void => {
      timer.refresh();
      if (isLast(said)) finish(false);
    };
    // What it said before its end may come after its exit.
    const die = (): void => void setImmediate(() => finish(false));
    child.on('message', hear);
    child.once('exit', die);
    if (ended() !== undefined) finish(false);
  });
}

/** The last words of a process, for the message about its death. */
function endOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (text = (text + piece).slice(-4000)));
  return () => {
    const line = text.split('\n').find((each) => /FATAL|Error|error/.test(each));
    return line === undefined ? '' : `: ${line.trim().slice(0, 200)}`;
  };
}
