import { readRecord } from '../runs/record.ts';
import { trainerProcess } from './trainer-process.ts';
import { judgeTrainer } from './trainer-verdict.ts';
import type { TrainerProcess } from './trainer-process.ts';

/**
 * The live trainer of a run on this machine, from the process identity in `run.json`: how a reloaded window or another
 * terminal takes a run up again. Undefined when none lives, whatever the record's status says, and when the process that the
 * record names is another program. One whose command line cannot be read is given, but never signalled.
 * @throws ProblemError as `readRecord` does
 */
export async function findTrainer(runDir: string): Promise<TrainerProcess | undefined> {
  const { process: identity } = await readRecord(runDir);
  if (identity === undefined) return undefined;
  return (await judgeTrainer(runDir, identity)) === 'another' ? undefined : trainerProcess(runDir, identity);
}
