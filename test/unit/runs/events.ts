import type { EvaluationEvent, RunEvent, StartedEvent, StepEvent } from '../../../src/protocol/events.ts';

/** Events with sensible values for tests; fields can be replaced. */
export function started(fields: Partial<StartedEvent> = {}): StartedEvent {
  return {
    type: 'started',
    t: 1000,
    version: 1,
    runId: 'r',
    pid: 1,
    totalSteps: 100,
    stepsPerEpoch: 50,
    evalSteps: 10,
    patience: 3,
    threads: 2,
    device: 'cpu',
    nTrainPairs: 1600,
    nDevQueries: 10,
    nTestQueries: 20,
    headline: 'esci_ndcg',
    ...fields,
  };
}

export function step(n: number, fields: Partial<StepEvent> = {}): StepEvent {
  return {
    type: 'step',
    t: 1000 + n,
    step: n,
    epoch: n / 50,
    loss: 1 / n,
    lr: 1e-5,
    gradNorm: 0.5,
    nPairs: 32,
    nTokens: 640,
    ms: 500,
    ...fields,
  };
}

export function evaluation(n: number, fields: Partial<EvaluationEvent> = {}): EvaluationEvent {
  return {
    type: 'evaluation',
    t: 1000 + n,
    step: n,
    epoch: n / 50,
    loss: 1 / n,
    metrics: { esci_ndcg: 0.8 },
    isBest: true,
    bestStep: n,
    nWithoutImprovement: 0,
    ms: 2000,
    ...fields,
  };
}

/** One event of each type. */
export const ONE_OF_EACH: { readonly [K in RunEvent['type']]: Extract<RunEvent, { type: K }> } = {
  started: started(),
  progress: { type: 'progress', t: 1, phase: 'download', what: 'bytes of model.safetensors', done: 1, total: null },
  step: step(1),
  evaluation: evaluation(1),
  checkpoint: { type: 'checkpoint', t: 1, step: 1, name: 'step-000001', bytes: 10 },
  warning: { type: 'warning', t: 1, problem: { code: 'head-is-new', message: 'The head is random.' } },
  test: { type: 'test', t: 1, ranker: 'bm25', metrics: { esci_ndcg: 0.7 }, nQueries: 20, excluded: { mrr: 2 } },
  comparison: {
    type: 'comparison',
    t: 1,
    metric: 'esci_ndcg',
    meanDelta: -0.01,
    interval: [-0.02, 0.001],
    p: 0.04,
    wins: 3,
    ties: 1,
    losses: 4,
  },
  system: { type: 'system', t: 1, cpu: 0.4, rss: 1e9 },
  resumed: { type: 'resumed', t: 1, fromStep: 0, pid: 2 },
  trained: { type: 'trained', t: 1, step: 1, reason: 'early stopping', bestStep: 1 },
  stopped: { type: 'stopped', t: 1, step: 1 },
  finished: { type: 'finished', t: 1, ms: 5 },
  failed: { type: 'failed', t: 1, problem: { code: 'x', message: 'y', where: 'z', next: 'w' } },
};
