/** What of `events.jsonl` may stand in a problem report. */
import { DEVICES } from '../../config/options/names.ts';
import { isObject } from '../../vocabulary/check.ts';
import { PHASES } from '../../vocabulary/phase.ts';
import { RANKERS } from '../../vocabulary/ranker.ts';
import type { RunEvent } from '../../protocol/events.ts';
import {
  keepFields,
  keepFlag,
  keepList,
  keepMetricName,
  keepMetrics,
  keepNumber,
  keepProblem,
  keepRunId,
  keepShape,
  keepWord,
  leaveOut,
} from './keep.ts';
import type { Keep, KeepFields } from './keep.ts';

const t = keepNumber;
const step = keepNumber;

const FIELDS = {
  started: {
    t,
    type: keepWord(['started']),
    version: keepNumber,
    runId: keepRunId,
    pid: keepNumber,
    totalSteps: keepNumber,
    stepsPerEpoch: keepNumber,
    evalSteps: keepNumber,
    patience: keepNumber,
    threads: keepNumber,
    device: keepWord(DEVICES),
    nTrainPairs: keepNumber,
    nDevQueries: keepNumber,
    nTestQueries: keepNumber,
    headline: keepMetricName,
  },
  // `what` names files and data sets.
  progress: {
    t,
    type: keepWord(['progress']),
    phase: keepWord(PHASES),
    what: leaveOut,
    done: keepNumber,
    total: keepNumber,
  },
  step: {
    t,
    type: keepWord(['step']),
    step,
    epoch: keepNumber,
    loss: keepNumber,
    lr: keepNumber,
    gradNorm: keepNumber,
    nPairs: keepNumber,
    nTokens: keepNumber,
    split: keepList(keepNumber),
    ms: keepNumber,
  },
  evaluation: {
    t,
    type: keepWord(['evaluation']),
    step,
    epoch: keepNumber,
    loss: keepNumber,
    metrics: keepMetrics,
    isBest: keepFlag,
    bestStep: keepNumber,
    nWithoutImprovement: keepNumber,
    ms: keepNumber,
  },
  checkpoint: { t, type: keepWord(['checkpoint']), step, name: keepShape(/^step-\d{6,12}$/), bytes: keepNumber },
  warning: { t, type: keepWord(['warning']), step, problem: keepProblem },
  test: {
    t,
    type: keepWord(['test']),
    ranker: keepWord(RANKERS),
    metrics: keepMetrics,
    nQueries: keepNumber,
    excluded: keepMetrics,
  },
  comparison: {
    t,
    type: keepWord(['comparison']),
    metric: keepMetricName,
    meanDelta: keepNumber,
    interval: keepList(keepNumber),
    p: keepNumber,
    wins: keepNumber,
    ties: keepNumber,
    losses: keepNumber,
  },
  system: {
    t,
    type: keepWord(['system']),
    cpu: keepNumber,
    rss: keepNumber,
    gpu: keepNumber,
    gpuMemory: keepNumber,
  },
  resumed: { t, type: keepWord(['resumed']), fromStep: keepNumber, pid: keepNumber },
  trained: {
    t,
    type: keepWord(['trained']),
    step,
    reason: keepWord(['all steps', 'early stopping']),
    bestStep: keepNumber,
  },
  stopped: { t, type: keepWord(['stopped']), step },
  finished: { t, type: keepWord(['finished']), ms: keepNumber },
  failed: { t, type: keepWord(['failed']), step, problem: keepProblem },
} satisfies { readonly [K in RunEvent['type']]: KeepFields<Extract<RunEvent, { type: K }>> };

const BY_TYPE: ReadonlyMap<string, Keep> = new Map(
  Object.entries(FIELDS).map(([type, fields]) => [type, keepFields(fields)]),
);

/** A line of the event log with what may be told of it: a line of JSON without its end. */
export function keepEventLine(line: string): string {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return JSON.stringify({ unreadable: 'not JSON', length: line.length });
  }
  const keep = isObject(event) && typeof event['type'] === 'string' ? BY_TYPE.get(event['type']) : undefined;
  return JSON.stringify(keep?.(event) ?? { unreadable: 'not an event', length: line.length });
}
