import type { CrossFinding } from './cross-checks.ts';
import type { DataSize } from './data-checks.ts';
import type { Experiment } from '../experiment.ts';

/** What runs have told about what an experiment names, so that it can be checked against more than its own text. */
export interface FactsFromRuns {
  /** Size of the data that an experiment names, where a run has read it. */
  readonly sizeOf: (data: Experiment['data']) => DataSize | undefined;
  /** Why a text names no run that can be a baseline; undefined when it does, or when there are no runs to look among. */
  readonly wrongBaseline: (named: string) => Pick<CrossFinding, 'found' | 'expected' | 'suggestion'> | undefined;
  /** Runs that can be one, newest first. */
  readonly baselines: readonly { readonly id: string; readonly name: string }[];
}

export const NO_FACTS_FROM_RUNS: FactsFromRuns = {
  sizeOf: () => undefined,
  wrongBaseline: () => undefined,
  baselines: [],
};
