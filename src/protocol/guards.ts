/** Run-time guards of what crosses a process border. Each table below fails to compile when its type gains a field. */
import {
  amount,
  count,
  finite,
  flag,
  isObject,
  list,
  mapOf,
  nonEmptyText,
  object,
  objectWith,
  oneOf,
  optional,
  orNull,
  shallow,
  text,
  time,
} from '../vocabulary/check.ts';
import type { Check, Checked, Fields, Wrong } from '../vocabulary/check.ts';
import { EVENTS_VERSION } from './events.ts';
import { PHASES } from '../vocabulary/phase.ts';
import { RANKERS } from '../vocabulary/ranker.ts';
import type { RunEvent } from './events.ts';
import type { TrainerJob } from './jobs.ts';
import { LABELS } from '../vocabulary/label.ts';
import { problemCheck } from '../vocabulary/problem.ts';
import type { ProbeMessage, ProbeReport, ProbeSample, SplitCounts } from './probe.ts';
import type { RunAnnotation } from './run-annotation.ts';
import { RUN_STATUSES } from '../vocabulary/status.ts';
import { RUN_VERSION } from './run-record.ts';
import type { Machine, ProcessIdentity, RunRecord } from './run-record.ts';
import { runId } from './run-id.ts';

const metrics = mapOf(finite);

/** The stamp and the tag that each event has; the tag is checked by the table's key. */
const t = time;
const type = nonEmptyText;

const eventFields = {
  started: {
    t,
    type,
    version: oneVersionUpTo(EVENTS_VERSION),
    runId: nonEmptyText,
    pid: count,
    totalSteps: count,
    stepsPerEpoch: count,
    evalSteps: count,
    patience: count,
    threads: count,
    device: text,
    nTrainPairs: count,
    nDevQueries: count,
    nTestQueries: count,
    headline: text,
  },
  progress: { t, type, phase: oneOf(PHASES), what: text, done: amount, total: orNull(amount) },
  step: {
    t,
    type,
    step: count,
    epoch: amount,
    loss: finite,
    lr: finite,
    gradNorm: amount,
    nPairs: count,
    nTokens: count,
    split: optional(list(count)),
    ms: amount,
  },
  evaluation: {
    t,
    type,
    step: count,
    epoch: amount,
    loss: finite,
    metrics,
    isBest: flag,
    bestStep: count,
    nWithoutImprovement: count,
    ms: amount,
  },
  checkpoint: { t, type, step: count, name: nonEmptyText, bytes: count },
  warning: { t, type, step: optional(count), problem: problemCheck },
  test: { t, type, ranker: oneOf(RANKERS), metrics, nQueries: count, excluded: metrics },
  comparison: {
    t,
    type,
    metric: nonEmptyText,
    meanDelta: finite,
    interval: list(finite, 2),
    p: amount,
    wins: count,
    ties: count,
    losses: count,
  },
  system: { t, type, cpu: amount, rss: amount, gpu: optional(amount), gpuMemory: optional(amount) },
  resumed: { t, type, fromStep: count, pid: count },
  trained: { t, type, step: count, reason: oneOf(['all steps', 'early stopping']), bestStep: count },
  stopped: { t, type, step: count },
  finished: { t, type, ms: amount },
  failed: { t, type, step: optional(count), problem: problemCheck },
} satisfies { readonly [K in RunEvent['type']]: Fields<Extract<RunEvent, { type: K }>> };

const eventChecks = new Map(
  Object.entries<Readonly<Record<string, Check>>>(eventFields).map(([name, fields]) => [name, objectWith(fields)]),
);
const eventType = oneOf([...eventChecks.keys()]);

const jobFields = {
  train: { kind: text, runDir: nonEmptyText, resume: flag, finalStep: optional(count) },
  evaluate: { kind: text, runDir: nonEmptyText },
  probe: { kind: text, text, experimentFile: nonEmptyText, runsFolder: nonEmptyText },
} satisfies { readonly [K in TrainerJob['kind']]: Fields<Extract<TrainerJob, { kind: K }>> };

const jobChecks = new Map(
  Object.entries<Readonly<Record<string, Check>>>(jobFields).map(([name, fields]) => [name, objectWith(fields)]),
);
const jobKind = oneOf([...jobChecks.keys()]);

const bySplit = object<SplitCounts>({ train: count, dev: count, test: count });

const processIdentity = object<ProcessIdentity>({ pid: count, startTime: text, host: text });

const recordCheck = object<RunRecord>({
  version: oneVersionUpTo(RUN_VERSION),
  id: nonEmptyText,
  name: text,
  job: oneOf(['train', 'evaluate']),
  status: oneOf(RUN_STATUSES),
  createdAt: time,
  startedAt: optional(time),
  endedAt: optional(time),
  activeMs: optional(amount),
  process: optional(processIdentity),
  experimentFile: text,
  problem: optional(problemCheck),
  git: optional(object<NonNullable<RunRecord['git']>>({ commit: text, isDirty: optional(flag) })),
  packages: optional(mapOf(text)),
  machine: optional(
    object<Machine>({ platform: text, arch: text, cpu: text, nCores: count, memoryBytes: amount, node: text }),
  ),
  seed: optional(finite),
  data: optional(
    object<NonNullable<RunRecord['data']>>({
      fingerprint: text,
      source: text,
      isSynthetic: flag,
      nQueries: bySplit,
      nJudgements: bySplit,
    }),
  ),
  baseline: optional(runId),
  lastStep: optional(count),
  totalSteps: optional(count),
  best: optional(object<NonNullable<RunRecord['best']>>({ step: count, loss: finite, metrics })),
  test: optional(mapOf(metrics)),
  headline: optional(text),
});

const annotationCheck = object<RunAnnotation>({
  title: optional(text),
  tags: list(text),
  note: text,
  isBaseline: flag,
});

const probeReport = object<ProbeReport>({
  nParameters: count,
  nTrained: count,
  data: object<ProbeReport['data']>({
    source: text,
    isSynthetic: flag,
    nQueries: bySplit,
    nJudgements: bySplit,
    labels: object<ProbeReport['data']['labels']>({ E: count, S: count, C: count, I: count }),
  }),
  tokens: object<ProbeReport['tokens']>({
    nSequences: count,
    mean: amount,
    p95: count,
    max: count,
    nTruncated: count,
  }),
  samples: list(object<ProbeSample>({ query: text, product: text, label: oneOf(LABELS), sequences: list(text) })),
  totalSteps: count,
  evalSteps: count,
  nTrainPairs: count,
  cost: object<ProbeReport['cost']>({
    prepareMs: amount,
    trainMs: amount,
    evaluateMs: amount,
    testMs: amount,
    memoryBytes: amount,
    diskBytes: amount,
    freeDiskBytes: amount,
    nTimedSteps: count,
  }),
  warnings: list(text),
});

const probeFields = {
  progress: { type, what: text, done: amount, total: orNull(amount) },
  probed: { type, report: probeReport },
  failed: { type, problem: problemCheck },
} satisfies { readonly [K in ProbeMessage['type']]: Fields<Extract<ProbeMessage, { type: K }>> };

const probeChecks = new Map(
  Object.entries<Readonly<Record<string, Check>>>(probeFields).map(([name, fields]) => [name, objectWith(fields)]),
);
const probeType = oneOf([...probeChecks.keys()]);

/** Checks a line of a probing trainer's stdout, parsed. */
export function checkProbeMessage(value: unknown): Checked<ProbeMessage> {
  return tagged<ProbeMessage>(value, 'type', probeType, probeChecks);
}

/** Checks one line of `events.jsonl`, parsed. */
export function checkRunEvent(value: unknown): Checked<RunEvent> {
  return tagged<RunEvent>(value, 'type', eventType, eventChecks);
}

/** Checks the job in a trainer's first argument, parsed. */
export function checkTrainerJob(value: unknown): Checked<TrainerJob> {
  return tagged<TrainerJob>(value, 'kind', jobKind, jobChecks);
}

/** Checks the content of `run.json`, parsed. */
export function checkRunRecord(value: unknown): Checked<RunRecord> {
  return checked<RunRecord>(value, recordCheck(value, ''));
}

/** Checks the content of `annotation.json`, parsed. */
/** Checks a parsed lock file. */
export function checkProcessIdentity(value: unknown): Checked<ProcessIdentity> {
  return checked<ProcessIdentity>(value, processIdentity(value, ''));
}

export function checkRunAnnotation(value: unknown): Checked<RunAnnotation> {
  return checked<RunAnnotation>(value, annotationCheck(value, ''));
}

function tagged<T>(value: unknown, tag: string, tagCheck: Check, checks: ReadonlyMap<string, Check>): Checked<T> {
  if (!isObject(value)) return { ok: false, wrongs: objectWith({})(value, '') };
  const kind = value[tag];
  const check = typeof kind === 'string' ? checks.get(kind) : undefined;
  return checked<T>(value, check === undefined ? tagCheck(kind, tag) : check(value, ''));
}

function checked<T>(value: unknown, wrongs: readonly Wrong[]): Checked<T> {
  const all = wrongs.length === 0 ? shallow(value, '') : wrongs;
  return all.length === 0 ? { ok: true, value: value as T } : { ok: false, wrongs: all };
}

function oneVersionUpTo(newest: number): Check {
  return (value, path) => {
    const wrongs = count(value, path);
    if (wrongs.length > 0 || (value as number) <= newest) return wrongs;
    return [{ path, found: String(value), expected: `at most ${newest}, the newest version that this program knows` }];
  };
}
