/** Run folders as trainers leave them, written by the same code: for tests of what shows runs, without training. */
import { hostname } from 'node:os';
import type { MetricValues, RunEvent } from '../../src/protocol/events.ts';
import type { RankerName } from '../../src/vocabulary/ranker.ts';
import type { RunRecord } from '../../src/protocol/run-record.ts';
import { annotate } from '../../src/runs/annotation.ts';
import { createRun } from '../../src/runs/create-run.ts';
import { openEventLog } from '../../src/runs/log/event-log.ts';
import { identifyProcess } from '../../src/files/process-identity.ts';
import { updateRecord } from '../../src/runs/record.ts';

export interface ExampleRun {
  readonly name: string;
  readonly job?: RunRecord['job'];
  readonly status: RunRecord['status'];
  /** The record says that it runs, but no process does. */
  readonly isCrashed?: boolean;
  /** Milliseconds before now. */
  readonly ageMs: number;
  /** Headline of pretrained and fine-tuned on test. */
  readonly test?: readonly [pretrained: number, fineTuned: number];
  readonly steps?: number;
  readonly problem?: RunRecord['problem'];
  readonly annotation?: Parameters<typeof annotate>[1];
  readonly experimentFile?: string;
  readonly fingerprint?: string;
}

const TOTAL_STEPS = 312;
const EVAL_STEPS = 20;
const STEP_MS = 450;

/** Writes one run into a runs folder and gives its folder. A running one lives as long as the process `pid`. */
export async function writeExampleRun(runsFolder: string, example: ExampleRun, pid = process.pid): Promise<string> {
  const { name, status, job = 'train', ageMs, steps = TOTAL_STEPS } = example;
  const start = Date.now() - ageMs;
  const experimentFile = example.experimentFile ?? `/nowhere/${name}.yml`;
  const text = 'model: { name: "bundled:all-MiniLM-L6-v2" }\ndata: { uri: "bundled:quickstart" }\n';
  const { runDir } = await createRun(runsFolder, text, { name, job, experimentFile }, new Date(start));
  if (status !== 'queued') {
    const log = openEventLog(runDir);
    for (const event of eventsOf(example, start, steps, pid)) log.append(event);
    log.close();
  }
  const identity = (await identifyProcess(pid)) ?? { pid, startTime: '0', host: hostname() };
  const results = testMetrics(example);
  await updateRecord(runDir, {
    status,
    createdAt: start,
    ...(status === 'queued' ? {} : { startedAt: start + 1000 }),
    ...(status === 'queued' || status === 'running' ? {} : { endedAt: start + 1000 + steps * STEP_MS }),
    process: example.isCrashed === true ? { ...identity, startTime: 'long ago' } : identity,
    seed: 42,
    lastStep: steps,
    totalSteps: TOTAL_STEPS,
    headline: 'esci_ndcg',
    machine: {
      platform: 'linux',
      arch: 'x64',
      cpu: 'Example CPU @ 2.60GHz',
      nCores: 2,
      memoryBytes: 8e9,
      node: '20.20.2',
    },
    data: {
      fingerprint: example.fingerprint ?? 'f'.repeat(64),
      source: 'bundled:quickstart',
      isSynthetic: true,
      nQueries: { train: 200, dev: 40, test: 80 },
      nJudgements: { train: 3000, dev: 600, test: 1200 },
    },
    ...(results === undefined ? {} : { test: results }),
    ...(example.problem === undefined ? {} : { problem: example.problem }),
  });
  if (example.annotation !== undefined) await annotate(runDir, example.annotation);
  return runDir;
}

function testMetrics({ test, job }: ExampleRun): Record<string, MetricValues> | undefined {
  if (test === undefined) return undefined;
  const [before, after] = test;
  const values = (v: number): MetricValues => ({
    esci_ndcg: v,
    'mrr@10': Math.min(1, v + 0.05),
    'ndcg@10': v - 0.02,
    'p@10': v - 0.1,
    'r@10': v - 0.2,
  });
  const all: Record<Exclude<RankerName, 'baseline'>, MetricValues> = {
    random: values(before - 0.12),
    bm25: values(before - 0.05),
    pretrained: values(before),
    'fine-tuned': values(after),
    ideal: values(0.98),
  };
  if (job !== 'evaluate') return all;
  const untrained = Object.entries(all).filter(([ranker]) => ranker !== 'fine-tuned');
  return Object.fromEntries(untrained);
}

function eventsOf(example: ExampleRun, start: number, steps: number, pid: number): RunEvent[] {
  const events: RunEvent[] = [
    {
      type: 'started',
      t: start + 1000,
      version: 1,
      runId: example.name,
      pid,
      totalSteps: TOTAL_STEPS,
      stepsPerEpoch: 104,
      evalSteps: EVAL_STEPS,
      patience: 3,
      threads: 2,
      device: 'cpu',
      nTrainPairs: 3328,
      nDevQueries: 40,
      nTestQueries: 80,
      headline: 'esci_ndcg',
    },
  ];
  for (let step = 1; step <= steps; step++) events.push(...stepEvents(step, start + 1000 + step * STEP_MS));
  const results = testMetrics(example);
  const t = start + 1000 + steps * STEP_MS;
  for (const [ranker, metrics] of Object.entries(results ?? {})) {
    events.push({ type: 'test', t, ranker: ranker as RankerName, metrics, nQueries: 80, excluded: {} });
  }
  if (example.test !== undefined && example.job !== 'evaluate') {
    const meanDelta = example.test[1] - example.test[0];
    const interval = [meanDelta - 0.002, meanDelta + 0.0025] as const;
    const counts = { wins: 41, ties: 23, losses: 16 };
    events.push({ type: 'comparison', t, metric: 'esci_ndcg', meanDelta, interval, p: 0.0002, ...counts });
  }
  if (example.status === 'finished') events.push({ type: 'finished', t, ms: steps * STEP_MS });
  if (example.status === 'stopped') events.push({ type: 'stopped', t, step: steps });
  if (example.problem !== undefined) events.push({ type: 'failed', t, step: steps, problem: example.problem });
  return events;
}

/** Events of one optimiser step, with an evaluation and a checkpoint where one is due. */
export function stepEvents(step: number, t: number): RunEvent[] {
  const loss = 0.12 + 0.5 * Math.exp(-step / 60) + 0.03 * Math.sin(step * 12.9898);
  const lr = 2e-5 * Math.min(1, step / 30) * (1 - step / (TOTAL_STEPS + 1));
  const gradNorm = 0.8 + 0.3 * Math.cos(step * 78.233);
  const epoch = step / 104;
  const one: RunEvent[] = [
    { type: 'step', t, step, epoch, loss, lr, gradNorm, nPairs: 32, nTokens: 1400, ms: STEP_MS },
    { type: 'system', t, cpu: 0.93, rss: 1.4e9 },
  ];
  if (step % EVAL_STEPS !== 0) return one;
  const share = 1 - Math.exp(-step / 90);
  const metrics = { esci_ndcg: 0.83 + 0.045 * share, 'ndcg@10': 0.8 + 0.04 * share, 'mrr@10': 0.9 + 0.02 * share };
  return [
    ...one,
    {
      type: 'evaluation',
      t,
      step,
      epoch,
      loss: 0.2 + 0.1 * (1 - share),
      metrics,
      isBest: true,
      bestStep: step,
      nWithoutImprovement: 0,
      ms: 2100,
    },
    { type: 'checkpoint', t, step, name: `step-${String(step).padStart(6, '0')}`, bytes: 272_000_000 },
  ];
}
