import { formatWrongs } from '../../vocabulary/check.ts';
import { checkTrainerJob } from '../../protocol/jobs.ts';
import type { TrainerJob } from '../../protocol/jobs.ts';
import { ProblemError } from '../../vocabulary/problem.ts';

/**
 * The job in a trainer's first argument.
 * @throws ProblemError `bad-job`: whoever started the trainer is of another version, or is no part of ESCI Lab
 */
export function readJob(argument: string | undefined): TrainerJob {
  if (argument === undefined) throw badJob('no job');
  let value: unknown;
  try {
    value = JSON.parse(argument);
  } catch (error) {
    throw badJob(`what is no JSON (${(error as Error).message})`, error);
  }
  const checked = checkTrainerJob(value);
  if (!checked.ok) throw badJob(`a wrong one: ${formatWrongs(checked.wrongs)}`);
  return checked.value;
}

function badJob(found: string, cause?: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'bad-job',
      message: `Found ${found}, expected a trainer job as JSON.`,
      where: 'the trainer’s first argument',
      next: 'Start trainers with esci-lab or the editor, of the same version as the trainer.',
    },
    { cause },
  );
}
