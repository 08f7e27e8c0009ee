/** Jobs of a trainer process. The host or the CLI passes one as JSON in the process's first argument. */
import { checked, count, flag, literal, nonEmptyText, object, optional, text, union } from '../vocabulary/check.ts';
import type { Checked, Infer } from '../vocabulary/check.ts';

const trainJobCheck = object({
  kind: literal('train'),
  /** Absolute path of a run folder that holds `experiment.yml` and `run.json`. */
  runDir: nonEmptyText,
  /** Continue from the newest intact checkpoint of the run folder. */
  resume: flag,
  /** A person's choice where the best checkpoint is lost: the step of the checkpoint that stands in for it. */
  finalStep: optional(count),
});

export type TrainJob = Infer<typeof trainJobCheck>;

const evaluateJobCheck = object({ kind: literal('evaluate'), runDir: nonEmptyText });

/** Evaluates the experiment's model, untrained, on its test split, into a run folder. */
export type EvaluateJob = Infer<typeof evaluateJobCheck>;

const probeJobCheck = object({
  kind: literal('probe'),
  /** The experiment's YAML. */
  text,
  /** Absolute path that relative paths of the experiment start beside. */
  experimentFile: nonEmptyText,
  /** Absolute path of the folder that its run would be in; it need not exist. */
  runsFolder: nonEmptyText,
});

/** Reads what an experiment would run on and measures what it would cost, writes nothing, and answers on stdout (probe.ts). */
export type ProbeJob = Infer<typeof probeJobCheck>;

/** A job with a run folder. */
export type RunJob = TrainJob | EvaluateJob;

const trainerJobCheck = union('kind', [trainJobCheck, evaluateJobCheck, probeJobCheck]);

export type TrainerJob = Infer<typeof trainerJobCheck>;

/** Checks the job in a trainer's first argument, parsed. */
export function checkTrainerJob(value: unknown): Checked<TrainerJob> {
  return checked(trainerJobCheck, value);
}

/** Exit codes of a trainer process. `refused`: another trainer works on the run; nothing was touched. */
export const TRAINER_EXIT = { finished: 0, bug: 1, problem: 2, stopped: 3, refused: 4 } as const;
