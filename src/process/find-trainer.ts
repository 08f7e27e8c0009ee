import { hostname } from 'node:os';
import { isRunning } from '../files/process-identity.ts';
import { readRecord } from '../runs/record.ts';
import { trainerProcess } from './trainer-process.ts';
import type { TrainerProcess } from './trainer-process.ts';

/**
 * The live trainer of a run on this machine, from the process identity in `run.json`: how a reloaded window or another
 * terminal takes a run up again. Undefined when none lives, whatever the record's status says.
 * @throws ProblemError as `readRecord` does
 */
export async function findTrainer(runDir: string): Promise<TrainerProcess | undefined> {
  const { process: identity } = await readRecord(runDir);
  if (identity === undefined || identity.host !== hostname()) return undefined;
  return (await isRunning(identity)) ? trainerProcess(runDir, identity) : undefined;
}
