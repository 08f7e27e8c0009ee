/** What trains and scores a ranker, as everybody else sees it: no array of parameters, no device, no runtime. */
import type { DeviceName, OptimizerName } from '../config/options/names.ts';
import type { TrainingSpec } from '../model/graphs.ts';
import type { ParameterSet } from '../model/parameter-set.ts';
import type { TensorStream } from '../model/tensor-stream.ts';
import type { Ranker } from '../model/rankers/ranker.ts';
import type { Problem } from '../vocabulary/problem.ts';

/** Where an engine works. */
export interface DeviceOptions {
  readonly device: DeviceName;
  /** Threads within an operator; null leaves the choice to the engine (onnxruntime: one per physical core). */
  readonly threads: number | null;
}

/** Token ids and token types of one sequence, special tokens included. */
export interface Sequence {
  readonly ids: ArrayLike<number>;
  readonly typeIds: ArrayLike<number>;
}

/** A part of a batch that is computed at once. */
export interface MicroBatch {
  /** Sequences of each tower of the ranker, as many in each. */
  readonly towers: readonly (readonly Sequence[])[];
  /** A number of each pair among all of the training data: dropout masks follow from it, not from the pair's place in the batch. */
  readonly pairs: readonly number[];
  /** Data of the loss's inputs (src/losses), by name, row-major. */
  readonly lossInputs: Readonly<Record<string, readonly number[]>>;
}

/** What is to be learned, and how. */
export interface TrainingOptions extends TrainingSpec {
  readonly optimizer: OptimizerName;
  readonly weightDecay: number;
  /** Of the dropout masks. */
  readonly seed: number;
}

/** Where an optimiser step stands. */
export interface StepOptions {
  /** 0 for the first of the run. */
  readonly step: number;
  readonly lr: number;
  /** Gradients of a larger L2 norm are scaled down to it; null scales nothing. */
  readonly maxNorm: number | null;
}

export interface StepResult {
  /** Mean over the step's examples. */
  readonly loss: number;
  /** L2 norm over all trained parameters, before clipping. */
  readonly gradNorm: number;
  /** Tokens computed, padding included. */
  readonly nTokens: number;
  /** Why nothing was updated: loss or gradient is not finite. `where` names a parameter, if one is to blame. */
  readonly fault: Problem | null;
}

/** Bytes in use. */
export interface MemoryInUse {
  /** The most that the process has had. */
  readonly peakHostBytes: number;
  /** Of a device with memory of its own. */
  readonly deviceBytes: number | null;
}

/** What of a training is kept in a checkpoint. */
export type TrainingPart = 'parameters' | 'moments';

/** A ranker that is trained step by step. The same steps give the same parameters, in every process on one kind of machine. */
export interface TrainingEngine {
  /** Parameters that an update changes. */
  readonly nTrained: number;
  /**
   * One optimiser step over the micro-batches, which may have any sizes: how a batch is split changes the result by no more than the order of
   * float sums. A step that is not finite leaves the parameters as they were.
   */
  readonly step: (batches: readonly MicroBatch[], options: StepOptions) => Promise<StepResult>;
  /** The part as it is now; to be read to its end before the next step. */
  readonly read: (part: TrainingPart) => TensorStream;
  /** Overwrites the part. The stream has the tensors of `read`, in their order; throws when it has not. */
  readonly write: (part: TrainingPart, tensors: TensorStream) => Promise<void>;
  /** Scores by the parameters as they are at the moment. The engine disposes of it. */
  readonly scorer: Scorer;
  readonly memory: () => Promise<MemoryInUse>;
  readonly dispose: () => Promise<void>;
}

/** Runs a ranker forward, without dropout. */
export interface Scorer {
  /** Outputs `[n, Ranker.width]` of n sequences in their order, row-major; they are padded to the longest among them. */
  readonly score: (sequences: readonly Sequence[]) => Promise<Float32Array>;
  readonly dispose: () => Promise<void>;
}

/** One way to train and to score: listed in engines.ts. */
export interface Engine {
  /** The parameters become the engine's own. */
  readonly openTraining: (
    ranker: Ranker,
    parameters: ParameterSet,
    training: TrainingOptions,
    device: DeviceOptions,
  ) => Promise<TrainingEngine>;
  /** @throws ProblemError `device-unavailable` */
  readonly openScorer: (ranker: Ranker, parameters: ParameterSet, device: DeviceOptions) => Promise<Scorer>;
}
