import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { formatWrongs } from '../vocabulary/check.ts';
import type { Checked } from '../vocabulary/check.ts';
import { checkProbeMessage } from '../protocol/probe.ts';
import type { ProbeJob } from '../protocol/jobs.ts';
import type { ProbeMessage, ProbeReport } from '../protocol/probe.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import type { NodeProgram } from './find-node.ts';
import { trainerEnvironment } from './spawn-trainer.ts';

export interface ProbeOptions {
  readonly node: NodeProgram;
  /** Absolute path of the bundled trainer, `dist/trainer.js`. */
  readonly script: string;
  readonly job: ProbeJob;
  /** Working folder, from which relative paths of an experiment are tried; this process's unless given. */
  readonly cwd?: string;
  /** Ends the probe, and the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** What is being counted, for example `bytes`; the total is null when it is not known. */
  readonly onProgress?: (what: string, done: number, total: number | null) => void;
}

/** Last lines of what the trainer printed that a message about its death quotes. */
const N_LAST_LINES = 5;

/**
 * Runs a `probe` job in a trainer that ends with this process.
 * @throws ProblemError what the trainer found wrong with the experiment; `probe-died` when it ended without an answer; `cannot-start`
 */
export async function probeExperiment(options: ProbeOptions): Promise<ProbeReport> {
  const { node, script, job, cwd = process.cwd(), signal, onProgress } = options;
  signal?.throwIfAborted();
  const child = spawn(node.command, [script, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    cwd,
    env: trainerEnvironment(node),
  });
  // Native code may keep the trainer from seeing a signal for a whole step; it has nothing to save.
  const abort = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', abort, { once: true });
  process.once('exit', abort);
  try {
    return await new Promise<ProbeReport>((resolve, reject) => {
      const said: string[] = [];
      child.once('error', (error) => {
        const message = `The trainer could not be started: ${error.message}.`;
        reject(new ProblemError({ code: 'cannot-start', message, where: node.command }, { cause: error }));
      });
      createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const checked = readProbeLine(line);
        if (!checked.ok) {
          said.push(line, formatWrongs(checked.wrongs));
          return;
        }
        const message = checked.value;
        if (message.type === 'progress') onProgress?.(message.what, message.done, message.total);
        else if (message.type === 'probed') resolve(message.report);
        else reject(new ProblemError(message.problem));
      });
      child.once('close', (code, killed) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const message = `The trainer ended before it had an answer (${killed ?? `exit code ${code}`}).`;
        const next = said.slice(-N_LAST_LINES).join('\n');
        reject(new ProblemError({ code: 'probe-died', message, where: script, ...(next === '' ? {} : { next }) }));
      });
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    process.removeListener('exit', abort);
  }
}

/** A line of a probing trainer's stdout; what is no JSON is checked as the text that it is. */
export function readProbeLine(line: string): Checked<ProbeMessage> {
  let value: unknown = line;
  try {
    value = JSON.parse(line);
  } catch {
    // Something else has printed it.
  }
  return checkProbeMessage(value);
}
