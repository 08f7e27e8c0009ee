import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Outcome } from './read-all.ts';

const run = promisify(execFile);

export interface ChildOutcome extends Outcome {
  readonly path: string;
  /** Processor time: unlike the clock it does not depend on what else the machine does. */
  readonly cpuMs: number;
  /** Most memory that the process has held so far, in MB. */
  readonly peakMb: number;
}

/**
 * Reads files one after the other in a process of 512 MB: a reader that takes too much memory, never ends or throws where nobody listens
 * ends it. A file's line on stdout comes once it is read, so that the first without one is the culprit.
 */
export async function readInChild(paths: readonly string[], timeoutMs = 55_000): Promise<ChildOutcome[]> {
  const script = fileURLToPath(new URL('./read-child.ts', import.meta.url));
  const args = ['--max-old-space-size=512', '--import', 'tsx', script, ...paths];
  const { stdout, failure } = await run(process.execPath, args, {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  }).then(
    (done) => ({ ...done, failure: '' }),
    (error: unknown) => ({ stdout: (error as { stdout: string }).stdout, failure: String(error).slice(-2000) }),
  );
  const outcomes = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ChildOutcome);
  if (failure !== '') throw new Error(`the reader ended at ${paths[outcomes.length] ?? 'its end'}: ${failure}`);
  return outcomes;
}
