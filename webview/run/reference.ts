import { baseOf, modelOf } from '../../src/vocabulary/ranker.ts';
import type { Base, RankerName } from '../../src/vocabulary/ranker.ts';
import type { RunSnapshot } from './run-snapshot.ts';

/** What a run's differences are between, and what the base is called. */
export interface Reference {
  readonly ranker: RankerName;
  readonly base: Base;
  /** `the pretrained model`, `the baseline everything at 7e-6`. */
  readonly words: string;
}

/** The model and the base of a run's comparisons; undefined until it was tested, or where it has nothing to compare with. */
export function referenceOf(model: RunSnapshot): Reference | undefined {
  const rankers = Object.keys(model.facts?.tests ?? {});
  const base = baseOf(rankers);
  if (base === undefined) return undefined;
  const words = base === 'pretrained' ? 'the pretrained model' : `the baseline ${baselineName(model)}`;
  return { ranker: modelOf(rankers), base, words };
}

/** What the run's baseline is called; its id where it is gone. */
export function baselineName({ about }: RunSnapshot): string {
  return about?.baselineTitle ?? about?.record.baseline ?? '';
}
