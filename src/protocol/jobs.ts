/** Jobs of a trainer process. The host or the CLI passes one as JSON in the process's first argument. */

export interface TrainJob {
  readonly kind: 'train';
  /** Absolute path of a run folder that holds `experiment.yml` and `run.json`. */
  readonly runDir: string;
  /** Continue from the newest intact checkpoint of the run folder. */
  readonly resume: boolean;
  /** A person's choice where the best checkpoint is lost: the step of the checkpoint that stands in for it. */
  readonly finalStep?: number;
}

/** Evaluates the experiment's model, untrained, on its test split, into a run folder. */
export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly runDir: string;
}

/** Reads what an experiment would run on and measures what it would cost, writes nothing, and answers on stdout (probe.ts). */
export interface ProbeJob {
  readonly kind: 'probe';
  /** The experiment's YAML. */
  readonly text: string;
  /** Absolute path that relative paths of the experiment start beside. */
  readonly experimentFile: string;
  /** Absolute path of the folder that its run would be in; it need not exist. */
  readonly runsFolder: string;
}

/** A job with a run folder. */
export type RunJob = TrainJob | EvaluateJob;

export type TrainerJob = RunJob | ProbeJob;

/** Exit codes of a trainer process. `refused`: another trainer works on the run; nothing was touched. */
export const TRAINER_EXIT = { finished: 0, bug: 1, problem: 2, stopped: 3, refused: 4 } as const;
