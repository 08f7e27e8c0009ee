/** Values at the edges of what the guards let through, for properties: whoever shows a run has to cope with all of them. */
import fc from 'fast-check';
import { PHASES } from '../../../src/vocabulary/phase.ts';
import { RANKERS } from '../../../src/vocabulary/ranker.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { RunAnnotation } from '../../../src/protocol/run-annotation.ts';
import { RUN_STATUSES } from '../../../src/vocabulary/status.ts';
import type { RunRecord } from '../../../src/protocol/run-record.ts';

/** Names that every object inherits, or that an assignment takes for something else. */
export const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ...INHERITED, '\u001b[31mred\r\n\0', '`|*_[x](y)<b>', '商品🛒\u202e', 'x'.repeat(2000), '\ud800'),
);
const name = fc.oneof(
  text.filter((t) => t !== ''),
  fc.constantFrom('esci_ndcg', 'ndcg@10', 'trec:map'),
);
const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 0.5),
);
const amount = finite.map((value) => Math.abs(value));
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
const time = fc.oneof(fc.nat(), fc.constantFrom(0, -1, 8.64e15, -8.64e15, 1.7e12, 0.5));
/** As `JSON.parse` makes them: a name `__proto__` is an ordinary one. */
const record = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(keys, values), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
const metrics = record(name, finite);
const ranker = fc.constantFrom(...RANKERS);
const problem = fc.record(
  { code: name, message: text, where: text, next: text },
  { requiredKeys: ['code', 'message'] },
);
const bySplit = fc.record({ train: count, dev: count, test: count });

export const records: fc.Arbitrary<RunRecord> = fc.record(
  {
    version: fc.constant(1),
    id: name,
    name: text,
    job: fc.constantFrom('train', 'evaluate'),
    status: fc.constantFrom(...RUN_STATUSES),
    createdAt: time,
    startedAt: time,
    activeMs: amount,
    endedAt: time,
    process: fc.record({ pid: count, startTime: text, host: text }),
    experimentFile: text,
    problem,
    git: fc.record({ commit: text, isDirty: fc.boolean() }),
    packages: record(name, text),
    machine: fc.record({ platform: text, arch: text, cpu: text, nCores: count, memoryBytes: amount, node: text }),
    seed: finite,
    data: fc.record({
      fingerprint: text,
      source: text,
      isSynthetic: fc.boolean(),
      nQueries: bySplit,
      nJudgements: bySplit,
    }),
    baseline: fc.constantFrom(
      '20260101-000000-x-0a1b2c',
      ...INHERITED,
      'x'.repeat(255),
      '商品🛒\u202e',
      '$(touch ran)',
    ),
    lastStep: count,
    totalSteps: count,
    best: fc.record({ step: count, loss: finite, metrics }),
    test: record(fc.oneof(ranker, name), metrics),
    headline: text,
  },
  { requiredKeys: ['version', 'id', 'name', 'job', 'status', 'createdAt', 'experimentFile'] },
);

export const annotations: fc.Arbitrary<RunAnnotation> = fc.record(
  { title: text, tags: fc.array(text, { maxLength: 3 }), note: text, isBaseline: fc.boolean() },
  { requiredKeys: ['tags', 'note', 'isBaseline'] },
);

const t = time;
const interval: fc.Arbitrary<[number, number]> = fc.tuple(finite, finite);

/** An arbitrary event of each type. */
const eventOf: { readonly [K in RunEvent['type']]: fc.Arbitrary<Extract<RunEvent, { type: K }>> } = {
  started: fc.record({
    t,
    type: fc.constant('started'),
    version: fc.constant(1),
    runId: name,
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
  }),
  progress: fc.record({
    t,
    type: fc.constant('progress'),
    phase: fc.constantFrom(...PHASES),
    what: fc.oneof(text, fc.constant('bytes of x')),
    done: amount,
    total: fc.option(amount),
  }),
  step: fc.record({
    t,
    type: fc.constant('step'),
    step: count,
    epoch: amount,
    loss: finite,
    lr: finite,
    gradNorm: amount,
    nPairs: count,
    nTokens: count,
    ms: amount,
  }),
  evaluation: fc.record({
    t,
    type: fc.constant('evaluation'),
    step: count,
    epoch: amount,
    loss: finite,
    metrics,
    isBest: fc.boolean(),
    bestStep: count,
    nWithoutImprovement: count,
    ms: amount,
  }),
  checkpoint: fc.record({ t, type: fc.constant('checkpoint'), step: count, name, bytes: count }),
  warning: fc.record(
    { t, type: fc.constant('warning'), step: count, problem },
    { requiredKeys: ['t', 'type', 'problem'] },
  ),
  test: fc.record({ t, type: fc.constant('test'), ranker, metrics, nQueries: count, excluded: metrics }),
  comparison: fc.record({
    t,
    type: fc.constant('comparison'),
    metric: name,
    meanDelta: finite,
    interval,
    p: amount,
    wins: count,
    ties: count,
    losses: count,
  }),
  system: fc.record({ t, type: fc.constant('system'), cpu: amount, rss: amount, gpu: amount }),
  resumed: fc.record({ t, type: fc.constant('resumed'), fromStep: count, pid: count }),
  trained: fc.record({
    t,
    type: fc.constant('trained'),
    step: count,
    reason: fc.constantFrom('all steps', 'early stopping'),
    bestStep: count,
  }),
  stopped: fc.record({ t, type: fc.constant('stopped'), step: count }),
  finished: fc.record({ t, type: fc.constant('finished'), ms: amount }),
  failed: fc.record(
    { t, type: fc.constant('failed'), step: count, problem },
    { requiredKeys: ['t', 'type', 'problem'] },
  ),
};

export const events: fc.Arbitrary<RunEvent[]> = fc.array(fc.oneof(...Object.values(eventOf)), { maxLength: 12 });
