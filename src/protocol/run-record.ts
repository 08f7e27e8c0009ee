import type { Problem } from '../vocabulary/problem.ts';
import type { RunStatus } from '../vocabulary/status.ts';
import type { MetricValues } from './events.ts';

/** Version of `run.json` and of the run folder's layout (ARCHITECTURE.md, "Run folder"). */
export const RUN_VERSION = 1;

/** `run.json`: written by the trainer alone (temp + rename), read by host and CLI. */
export interface RunRecord {
  readonly version: number;
  readonly id: string;
  /** Name of the experiment: its file name without extension unless the person gave another. */
  readonly name: string;
  readonly job: 'train' | 'evaluate';
  readonly status: RunStatus;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Milliseconds that trainers have worked on the run, by a clock that nobody sets; absent in runs of older versions. See `durationOf`. */
  readonly activeMs?: number;
  readonly process?: ProcessIdentity;
  /** Absolute path of the experiment's file when the run was created. */
  readonly experimentFile: string;
  readonly problem?: Problem;
  /** The commit that was checked out when the run began; whether files differed from it is told by older records only. */
  readonly git?: { readonly commit: string; readonly isDirty?: boolean };
  readonly packages?: Readonly<Record<string, string>>;
  readonly machine?: Machine;
  readonly seed?: number;
  readonly data?: {
    /** SHA-256 over the judgements used, in a canonical order. */
    readonly fingerprint: string;
    readonly source: string;
    /** Generated data: the run carries the badge "synthetic". */
    readonly isSynthetic: boolean;
    readonly nQueries: { readonly train: number; readonly dev: number; readonly test: number };
    readonly nJudgements: { readonly train: number; readonly dev: number; readonly test: number };
  };
  /** Id of the run that `evaluation.baseline` meant when this run began. */
  readonly baseline?: string;
  readonly lastStep?: number;
  readonly totalSteps?: number;
  readonly best?: { readonly step: number; readonly loss: number; readonly metrics: MetricValues };
  /** Test metrics by ranker, present once the test set was evaluated. */
  readonly test?: Readonly<Record<string, MetricValues>>;
  /** Headline metric's name, for example `esci_ndcg`. */
  readonly headline?: string;
}

/** Milliseconds of work that a run took; undefined before its end. */
export function durationOf({ activeMs, startedAt, endedAt }: RunRecord): number | undefined {
  if (endedAt === undefined || startedAt === undefined) return undefined;
  return activeMs ?? Math.max(0, endedAt - startedAt);
}

/** A process that cannot be confused with a later one of the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the operating system reports it, opaque: compare for equality. */
  readonly startTime: string;
  readonly host: string;
}

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly cpu: string;
  readonly nCores: number;
  readonly memoryBytes: number;
  readonly node: string;
}
