/**
 * The state of a run as its events tell it: one fold for the terminal, the tree and the panels, live and replayed.
 * States are immutable; a batch of events gives a new state (columns and lists are copied at most once a batch).
 */
import type {
  CheckpointEvent,
  ComparisonEvent,
  EvaluationEvent,
  FailedEvent,
  ProgressEvent,
  ResumedEvent,
  RunEvent,
  StartedEvent,
  StepEvent,
  TestEvent,
  TrainedEvent,
  WarningEvent,
} from './events.ts';
import type { Phase } from '../vocabulary/phase.ts';
import type { RankerName } from '../vocabulary/ranker.ts';
import { setOwn } from '../vocabulary/own.ts';
import { addSkipped, NONE_SKIPPED } from './skipped-lines.ts';
import type { BadLine, SkippedLines } from './skipped-lines.ts';

/** Numbers that a step event carries; each is a column of `RunState.steps`. */
export const STEP_COLUMNS = ['step', 't', 'epoch', 'loss', 'lr', 'gradNorm', 'nPairs', 'nTokens', 'ms'] as const;
export type StepColumn = (typeof STEP_COLUMNS)[number];
/** Of the samples of the machine; NaN where a sample does not tell. */
export const SYSTEM_COLUMNS = ['t', 'cpu', 'rss', 'gpu', 'gpuMemory'] as const;
export type SystemColumn = (typeof SYSTEM_COLUMNS)[number];

/** Columns of equal length, in the order of the events. */
export type Columns<K extends string> = Readonly<Record<K, readonly number[]>>;

/** What the events tell of a run's status. `waiting`: no event yet. `crashed` is not here: only the absence of the process tells it. */
export const LOG_STATUSES = ['waiting', 'running', 'stopped', 'finished', 'failed'] as const;
export type LogStatus = (typeof LOG_STATUSES)[number];

export interface RunState {
  readonly status: LogStatus;
  /** What the run is doing or did last; undefined before the first sign. */
  readonly phase: Phase | undefined;
  readonly started: StartedEvent | undefined;
  /** Running long work outside the training steps. */
  readonly progress: ProgressEvent | undefined;
  /** Optimiser steps done. */
  readonly step: number;
  readonly epoch: number;
  /** A row per optimiser step, steps ascending. */
  readonly steps: Columns<StepColumn>;
  readonly system: Columns<SystemColumn>;
  readonly evaluations: readonly EvaluationEvent[];
  readonly best: EvaluationEvent | undefined;
  readonly checkpoints: readonly CheckpointEvent[];
  readonly warnings: readonly WarningEvent[];
  readonly tests: Readonly<Partial<Record<RankerName, TestEvent>>>;
  /** The run's model against its base (`baseOf`), by metric. */
  readonly comparisons: Readonly<Record<string, ComparisonEvent>>;
  readonly resumes: readonly ResumedEvent[];
  readonly trained: TrainedEvent | undefined;
  readonly failed: FailedEvent | undefined;
  /** Time stamp of the newest event; 0 before the first. */
  readonly lastEventAt: number;
  /** Lines of the log that are no events. */
  readonly skipped: SkippedLines;
}

/** The state of a run of which no event was read. */
export const NO_EVENTS: RunState = {
  status: 'waiting',
  phase: undefined,
  started: undefined,
  progress: undefined,
  step: 0,
  epoch: 0,
  steps: emptyColumns(STEP_COLUMNS),
  system: emptyColumns(SYSTEM_COLUMNS),
  evaluations: [],
  best: undefined,
  checkpoints: [],
  warnings: [],
  tests: {},
  comparisons: {},
  resumes: [],
  trained: undefined,
  failed: undefined,
  lastEventAt: 0,
  skipped: NONE_SKIPPED,
};

/** A state whose columns, lists and maps nobody else has. */
type Draft = { -readonly [K in keyof RunState]: RunState[K] };
type Rule<K extends RunEvent['type']> = (draft: Draft, event: Extract<RunEvent, { type: K }>) => void;

/** How each event changes a draft. */
const rules: { readonly [K in RunEvent['type']]: Rule<K> } = {
  started: (s, e) => {
    s.started = e;
    s.status = 'running';
  },
  progress: (s, e) => {
    s.progress = e;
    s.phase = e.phase;
  },
  step: (s, e) => {
    push(s.steps, STEP_COLUMNS, e);
    s.step = e.step;
    s.epoch = e.epoch;
    s.phase = 'train';
    s.progress = undefined;
  },
  evaluation: (s, e) => {
    add(s.evaluations, e);
    if (e.isBest) s.best = e;
    s.progress = undefined;
  },
  checkpoint: (s, e) => add(s.checkpoints, e),
  warning: (s, e) => add(s.warnings, e),
  test: (s, e) => {
    setOwn(s.tests, e.ranker, e);
    s.progress = undefined;
  },
  comparison: (s, e) => setOwn(s.comparisons, e.metric, e),
  system: (s, e) => push(s.system, SYSTEM_COLUMNS, e),
  resumed: (s, e) => {
    dropAbove(s, e.fromStep);
    add(s.resumes, e);
    s.status = 'running';
    s.failed = undefined;
    s.progress = undefined;
  },
  trained: (s, e) => {
    s.trained = e;
    s.progress = undefined;
  },
  stopped: (s) => {
    s.status = 'stopped';
    s.progress = undefined;
  },
  finished: (s) => {
    s.status = 'finished';
    s.progress = undefined;
  },
  failed: (s, e) => {
    s.status = 'failed';
    s.failed = e;
    s.progress = undefined;
  },
};

/** A state without events whose columns nobody else has, for `foldInto`. */
export function ownState(): RunState {
  return { ...NO_EVENTS, steps: emptyColumns(STEP_COLUMNS), system: emptyColumns(SYSTEM_COLUMNS) };
}

/** The state after more events, oldest first. The given state stays as it is. */
export function foldEvents(state: RunState, events: readonly RunEvent[]): RunState {
  if (events.length === 0) return state;
  const own = { ...state };
  if (events.some((e) => e.type === 'step' || e.type === 'resumed')) own.steps = copyColumns(state.steps, STEP_COLUMNS);
  if (events.some((e) => e.type === 'system')) own.system = copyColumns(state.system, SYSTEM_COLUMNS);
  return foldInto(own, events);
}

/**
 * As `foldEvents`, but the columns of the given state, which came from `ownState`, change in place: a long run's are not copied
 * each time. `badLines` are those between the events.
 */
export function foldInto(state: RunState, events: readonly RunEvent[], badLines: readonly BadLine[] = []): RunState {
  const draft: Draft = { ...state };
  if (events.some(({ type }) => !FREQUENT.has(type))) ownLists(draft);
  for (const event of events) {
    (rules[event.type] as (draft: Draft, event: RunEvent) => void)(draft, event);
    draft.lastEventAt = Math.max(draft.lastEventAt, event.t);
  }
  if (badLines.length > 0) draft.skipped = addSkipped(draft.skipped, badLines);
  return draft;
}

/** Events that grow no list: the batches of a long run have hardly any other. */
const FREQUENT: ReadonlySet<RunEvent['type']> = new Set(['progress', 'step', 'system']);

/** Copies the lists, which only a broken log makes long: once a batch, not once an event. */
function ownLists(draft: Draft): void {
  draft.evaluations = [...draft.evaluations];
  draft.checkpoints = [...draft.checkpoints];
  draft.warnings = [...draft.warnings];
  draft.resumes = [...draft.resumes];
  draft.tests = { ...draft.tests };
  draft.comparisons = { ...draft.comparisons };
}

/** Voids what came after a step. Steps ascend, so that only what goes is looked at. */
function dropAbove(s: Draft, fromStep: number): void {
  const isVoid = (event: RunEvent | undefined) => event !== undefined && 'step' in event && event.step > fromStep;
  const rows = s.steps.step;
  const nKept = rows.findLastIndex((step) => step <= fromStep) + 1;
  for (const name of STEP_COLUMNS) (s.steps[name] as number[]).length = nKept;
  // A state of the latest steps alone may have none that is kept.
  s.step = rows[nKept - 1] ?? Math.min(s.step, fromStep);
  s.epoch = s.steps.epoch[nKept - 1] ?? 0;
  for (const list of [s.evaluations, s.checkpoints]) while (isVoid(list.at(-1))) (list as RunEvent[]).pop();
  if (isVoid(s.best)) s.best = s.evaluations.findLast((e) => e.isBest);
  if (s.warnings.some(isVoid)) s.warnings = s.warnings.filter((e) => !isVoid(e));
  if (isVoid(s.trained)) s.trained = undefined;
}

/** Adds to a list that the draft owns. */
function add<T>(list: readonly T[], item: T): void {
  (list as T[]).push(item);
}

function emptyColumns<K extends string>(names: readonly K[]): Columns<K> {
  return mapColumns(names, () => []);
}

function copyColumns<K extends string>(columns: Columns<K>, names: readonly K[]): Columns<K> {
  return mapColumns(names, (name) => columns[name].slice());
}

function mapColumns<K extends string>(names: readonly K[], column: (name: K) => number[]): Columns<K> {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as unknown as Columns<K>;
}

/** Adds a row to columns that the draft owns. */
function push<K extends string>(
  columns: Columns<K>,
  names: readonly K[],
  row: Readonly<Partial<Record<K, number>>>,
): void {
  for (const name of names) (columns[name] as number[]).push(row[name] ?? NaN);
}

/** Rows of `steps` that speed is measured over: recent enough to follow a change, many enough to be calm. */
const RECENT_STEPS = 50;

/** Judged pairs and tokens a second of training time over the latest steps; undefined before the first step. */
export function throughput(state: RunState): { readonly pairs: number; readonly tokens: number } | undefined {
  const seconds = sumRecent(state.steps, 'ms') / 1000;
  const [pairs, tokens] = [sumRecent(state.steps, 'nPairs') / seconds, sumRecent(state.steps, 'nTokens') / seconds];
  return Number.isFinite(pairs) && Number.isFinite(tokens) ? { pairs, tokens } : undefined;
}

/**
 * Milliseconds until the test set is scored: the steps that are left at the latest speed, the evaluations between, and the test
 * queries at the speed of the dev queries. An upper bound when early stopping may end training. Undefined while nothing is known,
 * or where the events' numbers add up to none.
 */
export function remainingMs(state: RunState): number | undefined {
  const ms = sumOfRemaining(state);
  return Number.isFinite(ms) ? ms : undefined;
}

function sumOfRemaining(state: RunState): number | undefined {
  const { started, steps, evaluations } = state;
  if (started === undefined || state.status !== 'running') return undefined;
  if (started.totalSteps === 0) return 0;
  const msOfEvaluation = evaluations.reduce((sum, e) => sum + e.ms, 0) / Math.max(1, evaluations.length);
  const msOfTest = (msOfEvaluation * started.nTestQueries) / Math.max(1, started.nDevQueries);
  if (state.trained !== undefined) return nModelsToScore(state.progress) * msOfTest;
  const nRecent = Math.min(RECENT_STEPS, steps.step.length);
  if (nRecent === 0) return undefined;
  const nLeft = Math.max(0, started.totalSteps - state.step);
  const nEvaluationsLeft =
    started.evalSteps > 0
      ? Math.floor(started.totalSteps / started.evalSteps) - Math.floor(state.step / started.evalSteps)
      : 0;
  const msOfTraining = (nLeft * sumRecent(steps, 'ms')) / nRecent + Math.max(0, nEvaluationsLeft) * msOfEvaluation;
  return msOfTraining + N_TEST_MODELS * msOfTest;
}

/** The test queries are scored by the fine-tuned model, then by the pretrained one. */
const N_TEST_MODELS = 2;

/** How many of these scorings are left after training, the one at work as a fraction. */
function nModelsToScore(progress: ProgressEvent | undefined): number {
  if (progress?.phase === 'export') return 0;
  const nAfter = progress?.phase === 'pretrained' ? 0 : N_TEST_MODELS - 1;
  const isScoring = progress?.phase === 'test' || progress?.phase === 'pretrained';
  return nAfter + 1 - (isScoring && progress.total !== null ? progress.done / Math.max(1, progress.total) : 0);
}

/** Share of the run's training steps that are done, 0…1; undefined when the run does not train or has not started. */
export function trainedShare(state: RunState): number | undefined {
  const total = state.started?.totalSteps ?? 0;
  return total === 0 ? undefined : Math.min(1, state.step / total);
}

/** The newest step as an event, for a status line. */
export function lastStep(state: RunState): StepEvent | undefined {
  const i = state.steps.step.length - 1;
  if (i < 0) return undefined;
  const row = Object.fromEntries(STEP_COLUMNS.map((name) => [name, state.steps[name][i]]));
  return { type: 'step', ...row } as unknown as StepEvent;
}

function sumRecent(steps: Columns<StepColumn>, column: StepColumn): number {
  return steps[column].slice(-RECENT_STEPS).reduce((sum, value) => sum + value, 0);
}
