import { Worker } from 'node:worker_threads';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { Disposal } from '../disposal.ts';
import type { ExperimentReads, ReadCall, ReadKind, ReadReply } from './read-calls.ts';

/** Reads experiments off the extension host's thread, one after the other, each for a limited time. */
export interface ExperimentReader extends Disposal {
  /** @throws ProblemError `unread` when the file cannot be read, or not in time; other files are read all the same */
  read<K extends ReadKind>(kind: K, path: string): Promise<ExperimentReads[K]>;
}

const LIMIT_MS = 2000;
/** A worker with nothing to do ends after this. */
const IDLE_MS = 30_000;
const MAX_HEAP_MB = 256;

interface Job extends ReadCall {
  readonly resolve: (value: ExperimentReads[ReadKind]) => void;
  readonly reject: (error: ProblemError) => void;
}

/**
 * `script`: the bundle of read-worker.ts. The worker starts with the first file. One that takes longer than `limitMs` for a file,
 * or dies of it, is ended, and the next file gets a new one.
 */
export function openExperimentReader(script: string, limitMs = LIMIT_MS): ExperimentReader {
  const queue: Job[] = [];
  let current: Job | undefined;
  let worker: Worker | undefined;
  let isReady = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const started = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    worker = started;
    // What an ended worker still says is about a file that was given up.
    const isMine = () => worker === started;
    started.on('message', (reply: ReadReply) => isMine() && take(reply));
    started.on('error', (error) => isMine() && giveUp(`could not be read: ${error.message}`));
    started.on('exit', () => isMine() && giveUp('could not be read'));
    started.unref();
  }

  function end(): void {
    clearTimeout(timer);
    const ended = worker;
    worker = undefined;
    isReady = false;
    void ended?.terminate();
  }

  function next(): void {
    clearTimeout(timer);
    current ??= queue.shift();
    if (current === undefined) {
      timer = setTimeout(end, IDLE_MS).unref();
      return;
    }
    if (worker === undefined) start();
    // Starting takes what the machine takes; only the file's own time is limited.
    if (!isReady) return;
    const { kind, path } = current;
    worker?.postMessage({ kind, path } satisfies ReadCall);
    timer = setTimeout(() => giveUp(`could not be read in time (${limitMs / 1000} s)`), limitMs);
  }

  function take(reply: ReadReply): void {
    if (reply.type === 'ready') isReady = true;
    else finish((job) => (reply.type === 'value' ? job.resolve(reply.value) : job.reject(unread(job, reply.message))));
    next();
  }

  function giveUp(message: string): void {
    end();
    finish((job) => job.reject(unread(job, message)));
    next();
  }

  function finish(settle: (job: Job) => void): void {
    const done = current;
    current = undefined;
    if (done !== undefined) settle(done);
  }

  return {
    read<K extends ReadKind>(kind: K, path: string) {
      return new Promise<ExperimentReads[K]>((resolve, reject) => {
        queue.push({ kind, path, resolve: resolve as Job['resolve'], reject });
        if (current === undefined) next();
      });
    },
    dispose() {
      queue.length = 0;
      current = undefined;
      end();
    },
  };
}

function unread({ path }: ReadCall, message: string): ProblemError {
  return new ProblemError({ code: 'unread', message, where: path, next: 'Open the file to see what it holds.' });
}
