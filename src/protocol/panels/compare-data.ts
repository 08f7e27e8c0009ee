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
  text,
} from '../../vocabulary/check.ts';
import type { Check } from '../../vocabulary/check.ts';
import type { MetricValues } from '../events.ts';
import type { Contract } from '../rpc.ts';
import { runId } from '../run-id.ts';
import { SHOWN_STATUSES } from '../../vocabulary/status.ts';
import type { ShownStatus } from '../../vocabulary/status.ts';

/** A run as a row of the table. */
export interface ComparedRun {
  readonly id: string;
  readonly title: string;
  readonly status: ShownStatus;
  readonly isBaseline: boolean;
  /** Id of the run that its experiment names as baseline. */
  readonly baseline?: string;
  readonly createdAt: number;
  readonly durationMs?: number;
  /** Options by path, defaults filled in, as short texts; empty when the experiment cannot be read. */
  readonly options: Readonly<Record<string, string>>;
  /** The metric that the run's experiment puts first. */
  readonly headline?: string;
  /** Of the best evaluation on dev. */
  readonly dev?: { readonly step: number; readonly loss: number; readonly metrics: MetricValues };
  /** Of the final model on test. */
  readonly test?: MetricValues;
  /** Why the run cannot be shown whole. */
  readonly problem?: string;
}

export const CURVE_COLUMNS = ['step', 'epoch', 'seconds', 'loss', 'lr', 'pairsPerSecond'] as const;
export type CurveColumn = (typeof CURVE_COLUMNS)[number];

/** A run's curves, long ones averaged over neighbouring steps. */
export interface ComparedCurves {
  readonly id: string;
  readonly steps: Readonly<Record<CurveColumn, Float64Array>>;
  readonly evaluations: readonly {
    readonly step: number;
    readonly epoch: number;
    readonly seconds: number;
    readonly loss: number;
    readonly metrics: MetricValues;
  }[];
}

/** A run against the baseline on the test queries that both have. */
export interface ComparedDelta {
  readonly id: string;
  readonly meanDelta?: number;
  readonly interval?: readonly number[];
  readonly p?: number;
  readonly nPairs?: number;
  readonly wins?: number;
  readonly ties?: number;
  readonly losses?: number;
  /** Why there is no delta. */
  readonly reason?: string;
}

export interface CompareDataCalls {
  /** Starts the stream of notices; everything is told again. */
  open(params: { readonly runIds: readonly string[] }): { readonly runs: readonly ComparedRun[] };
  /** Paired comparison of each run with the baseline; `baselineId` absent: each run with its own pretrained model. */
  deltas(params: { readonly runIds: readonly string[]; readonly baselineId?: string; readonly metric: string }): {
    readonly rows: readonly ComparedDelta[];
  };
}

export interface CompareDataNotices {
  /** The rows, whenever one changed. */
  runs: { readonly runs: readonly ComparedRun[] };
  curves: ComparedCurves;
}

const metrics = mapOf(finite);
const runs = list(
  object<ComparedRun>({
    id: nonEmptyText,
    title: text,
    status: oneOf(SHOWN_STATUSES),
    isBaseline: flag,
    baseline: optional(nonEmptyText),
    createdAt: amount,
    durationMs: optional(amount),
    options: mapOf(text),
    headline: optional(text),
    dev: optional(object<NonNullable<ComparedRun['dev']>>({ step: count, loss: finite, metrics })),
    test: optional(metrics),
    problem: optional(text),
  }),
);
const runList = object<{ runs: readonly ComparedRun[] }>({ runs });
const float64: Check = (value, path) =>
  value instanceof Float64Array ? [] : [{ path, found: typeof value, expected: 'a float64 column' }];

export const COMPARE_DATA: Contract<CompareDataCalls, CompareDataNotices> = {
  api: 'compare-data',
  calls: {
    open: { params: object<{ runIds: string[] }>({ runIds: list(runId) }), reply: runList },
    deltas: {
      params: object<Parameters<CompareDataCalls['deltas']>[0]>({
        runIds: list(runId),
        baselineId: optional(runId),
        metric: nonEmptyText,
      }),
      reply: object<{ rows: ComparedDelta[] }>({
        rows: list(
          object<ComparedDelta>({
            id: nonEmptyText,
            meanDelta: optional(finite),
            interval: optional(list(finite, 2)),
            p: optional(amount),
            nPairs: optional(count),
            wins: optional(count),
            ties: optional(count),
            losses: optional(count),
            reason: optional(text),
          }),
        ),
      }),
    },
  },
  notices: {
    runs: runList,
    curves: object<ComparedCurves>({
      id: nonEmptyText,
      steps: mapOf(float64),
      evaluations: list(
        object<ComparedCurves['evaluations'][number]>({
          step: count,
          epoch: amount,
          seconds: finite,
          loss: finite,
          metrics,
        }),
      ),
    }),
  },
};
