import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { argumentsOf } from '../files/command-line.ts';
import { isRunning } from '../files/process-identity.ts';
import { checkTrainerJob } from '../protocol/jobs.ts';
import type { ProcessIdentity } from '../protocol/run-record.ts';

/**
 * Whose process it is that a run folder names. `unknown`: it is the one of that pid and start time, but what it was started with
 * cannot be read.
 */
export type TrainerVerdict = 'trainer' | 'another' | 'unknown';

/**
 * Whether a process is the trainer of a run: pid and start time are those of a process of this machine, and it was started with a
 * job for this run's folder. A run folder may come from anybody and name any process, so nothing less may be signalled; the first
 * process of a system and this one never.
 */
export async function judgeTrainer(runDir: string, identity: ProcessIdentity): Promise<TrainerVerdict> {
  const { pid, host } = identity;
  if (host !== hostname() || pid <= 1 || pid === process.pid) return 'another';
  if (!(await isRunning(identity))) return 'another';
  const found = await argumentsOf(pid);
  if (found === undefined) return (await isRunning(identity)) ? 'unknown' : 'another';
  const own = await realpath(runDir).catch(() => undefined);
  for (const argument of found) {
    const other = runDirIn(argument);
    if (own !== undefined && other !== undefined && (await realpath(other).catch(() => undefined)) === own)
      return 'trainer';
  }
  return 'another';
}

/** The run folder of a job with one; undefined for any other argument. */
function runDirIn(argument: string): string | undefined {
  if (!argument.startsWith('{')) return undefined;
  try {
    const checked = checkTrainerJob(JSON.parse(argument));
    return checked.ok && checked.value.kind !== 'probe' ? checked.value.runDir : undefined;
  } catch {
    return undefined;
  }
}
