/** What a compare panel reads: the runs with their options, their curves, and the paired deltas to a baseline. */
import {
  amount,
  count,
  finite,
  flag,
  list,
  mapOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  recordOf,
  text,
} from '../../vocabulary/check.ts';
import type { Check, Infer } from '../../vocabulary/check.ts';
import { SHOWN_STATUSES } from '../../vocabulary/status.ts';
import { metricValuesCheck } from '../events.ts';
import { contract } from '../rpc.ts';
import type { CallsOf } from '../rpc.ts';
import { runId } from '../run-id.ts';

const comparedRunCheck = object({
  id: nonEmptyText,
  title: text,
  status: oneOf(SHOWN_STATUSES),
  isBaseline: flag,
  /** Id of the run that its experiment names as baseline. */
  baseline: optional(nonEmptyText),
  createdAt: amount,
  durationMs: optional(amount),
  /** Options by path, defaults filled in, as short texts; empty when the experiment cannot be read. */
  options: mapOf(text),
  /** The metric that the run's experiment puts first. */
  headline: optional(text),
  /** Of the best evaluation on dev. */
  dev: optional(object({ step: count, loss: finite, metrics: metricValuesCheck })),
  /** Of the final model on test. */
  test: optional(metricValuesCheck),
  /** Why the run cannot be shown whole. */
  problem: optional(text),
});

/** A run as a row of the table. */
export type ComparedRun = Infer<typeof comparedRunCheck>;

export const CURVE_COLUMNS = ['step', 'epoch', 'seconds', 'loss', 'lr', 'pairsPerSecond'] as const;
export type CurveColumn = (typeof CURVE_COLUMNS)[number];

const float64: Check<Float64Array> = (value, path) =>
  value instanceof Float64Array ? [] : [{ path, found: typeof value, expected: 'a float64 column' }];

const comparedCurvesCheck = object({
  id: nonEmptyText,
  steps: recordOf(CURVE_COLUMNS, float64),
  evaluations: list(object({ step: count, epoch: amount, seconds: finite, loss: finite, metrics: metricValuesCheck })),
});

/** A run's curves, long ones averaged over neighbouring steps. */
export type ComparedCurves = Infer<typeof comparedCurvesCheck>;

const comparedDeltaCheck = object({
  id: nonEmptyText,
  meanDelta: optional(finite),
  interval: optional(list(finite, 2)),
  p: optional(amount),
  nPairs: optional(count),
  wins: optional(count),
  ties: optional(count),
  losses: optional(count),
  /** Why there is no delta. */
  reason: optional(text),
});

/** A run against the baseline on the test queries that both have. */
export type ComparedDelta = Infer<typeof comparedDeltaCheck>;

const runs = object({ runs: list(comparedRunCheck) });

const calls = {
  /** Starts the stream of notices; everything is told again. */
  open: { params: object({ runIds: list(runId) }), reply: runs },
  /** Paired comparison of each run with the baseline; `baselineId` absent: each run with its own pretrained model. */
  deltas: {
    params: object({ runIds: list(runId), baselineId: optional(runId), metric: nonEmptyText }),
    reply: object({ rows: list(comparedDeltaCheck) }),
  },
};

export type CompareDataCalls = CallsOf<typeof calls>;

export const COMPARE_DATA = contract('compare-data', calls, {
  /** The rows, whenever one changed. */
  runs,
  curves: comparedCurvesCheck,
});
