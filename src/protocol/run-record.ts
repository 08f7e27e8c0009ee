/** `run.json`: written by the trainer alone (temp + rename), read by host and CLI. */
import {
  amount,
  checked,
  count,
  finite,
  flag,
  mapOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  text,
  time,
} from '../vocabulary/check.ts';
import type { Checked, Infer } from '../vocabulary/check.ts';
import { problemCheck } from '../vocabulary/problem.ts';
import { RUN_STATUSES } from '../vocabulary/status.ts';
import { metricValuesCheck } from './events.ts';
import { runId } from './run-id.ts';
import { versionUpTo } from './version.ts';

/** Version of `run.json` and of the run folder's layout (ARCHITECTURE.md, "Run folder"). */
export const RUN_VERSION = 1;

export const splitCountsCheck = object({ train: count, dev: count, test: count });

/** Counts by split. */
export type SplitCounts = Infer<typeof splitCountsCheck>;

const processIdentityCheck = object({
  pid: count,
  /** Start time as the operating system reports it, opaque: compare for equality. */
  startTime: text,
  host: text,
});

/** A process that cannot be confused with a later one of the same pid. */
export type ProcessIdentity = Infer<typeof processIdentityCheck>;

/** Checks a parsed lock file. */
export function checkProcessIdentity(value: unknown): Checked<ProcessIdentity> {
  return checked(processIdentityCheck, value);
}

const machineCheck = object({
  platform: text,
  arch: text,
  cpu: text,
  nCores: count,
  memoryBytes: amount,
  node: text,
});

export type Machine = Infer<typeof machineCheck>;

const runRecordCheck = object({
  version: versionUpTo(RUN_VERSION),
  id: nonEmptyText,
  /** Name of the experiment: its file name without extension unless the person gave another. */
  name: text,
  job: oneOf(['train', 'evaluate']),
  status: oneOf(RUN_STATUSES),
  /** Milliseconds since 1970. */
  createdAt: time,
  startedAt: optional(time),
  endedAt: optional(time),
  /** Milliseconds that trainers have worked on the run, by a clock that nobody sets; absent in runs of older versions. See `durationOf`. */
  activeMs: optional(amount),
  process: optional(processIdentityCheck),
  /** Absolute path of the experiment's file when the run was created. */
  experimentFile: text,
  problem: optional(problemCheck),
  /** The commit that was checked out when the run began; whether files differed from it is told by older records only. */
  git: optional(object({ commit: text, isDirty: optional(flag) })),
  packages: optional(mapOf(text)),
  machine: optional(machineCheck),
  seed: optional(finite),
  data: optional(
    object({
      /** SHA-256 over the judgements used, in a canonical order. */
      fingerprint: text,
      source: text,
      /** Generated data: the run carries the badge "synthetic". */
      isSynthetic: flag,
      nQueries: splitCountsCheck,
      nJudgements: splitCountsCheck,
    }),
  ),
  /** Id of the run that `evaluation.baseline` meant when this run began. */
  baseline: optional(runId),
  lastStep: optional(count),
  totalSteps: optional(count),
  best: optional(object({ step: count, loss: finite, metrics: metricValuesCheck })),
  /** Test metrics by ranker, present once the test set was evaluated. */
  test: optional(mapOf(metricValuesCheck)),
  /** Headline metric's name, for example `esci_ndcg`. */
  headline: optional(text),
});

/** The content of `run.json`. */
export type RunRecord = Infer<typeof runRecordCheck>;

/** Checks the content of `run.json`, parsed. */
export function checkRunRecord(value: unknown): Checked<RunRecord> {
  return checked(runRecordCheck, value);
}

/** Milliseconds of work that a run took; undefined before its end. */
export function durationOf({ activeMs, startedAt, endedAt }: RunRecord): number | undefined {
  if (endedAt === undefined || startedAt === undefined) return undefined;
  return activeMs ?? Math.max(0, endedAt - startedAt);
}
