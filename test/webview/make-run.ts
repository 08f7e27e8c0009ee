/** A run folder that was never trained: real files in the real formats, from the bundled data and plausible curves. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experimentDefaults } from '../../src/config/check/parse-experiment.ts';
import type { JudgedQuery } from '../../src/data/judged-query.ts';
import { ESCI_GAINS, type Label } from '../../src/vocabulary/label.ts';
import { seededRandom } from '../../src/metrics/seeded-random.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { RunRecord } from '../../src/protocol/run-record.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { writeJsonAtomic } from '../../src/files/write-file.ts';
import type { JobContext } from '../../src/trainer/jobs/job-context.ts';
import { reportTest } from '../../src/trainer/report/test-report.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

export interface MadeRun {
  readonly id: string;
  readonly nSteps: number;
  /** Steps that are written; all unless given. */
  readonly nDone?: number;
  readonly status: RunRecord['status'];
  /** Times the bundled test queries are repeated; 0 leaves the test set out. */
  readonly nCopies?: number;
  readonly seed?: number;
  /** Whether it trained on a GPU that tells of its load, after ten steps that it did not tell of. */
  readonly hasGpu?: boolean;
  /** Id of a run that it is compared with; its scores are made up too. */
  readonly baseline?: string;
  readonly extra?: readonly RunEvent[];
  readonly record?: Partial<RunRecord>;
  readonly experiment?: string;
}

const NOW = Date.UTC(2026, 4, 4, 12);
const MS = 780;
const EVAL = 20;

/** Writes the run and gives its folder. */
export async function makeRun(runsFolder: string, run: MadeRun): Promise<string> {
  const runDir = join(runsFolder, run.id);
  await mkdir(runDir, { recursive: true });
  const queries = await bundledQueries(run.nCopies ?? 1);
  const events = [...trainingEvents(run, queries.length), ...(run.extra ?? [])];
  let t = events.at(-1)!.t;
  let test: RunRecord['test'];
  if (run.status === 'finished' && queries.length > 0) {
    const experiment = experimentDefaults('bundled:all-MiniLM-L6-v2', 'bundled:quickstart');
    const emit = (event: object) => void events.push({ ...event, t: ++t } as RunEvent);
    const context = { runDir, experiment, emit } as unknown as JobContext;
    const scores = (noise: number, seed: number) => noisyScores(queries, noise, seed);
    test = await reportTest(context, queries, {
      pretrained: scores(1.1, 7),
      ...(run.baseline === undefined ? {} : { baseline: scores(0.85, 9) }),
      'fine-tuned': scores(0.75, 8 + (run.seed ?? 1)),
    });
  }
  if (run.status === 'finished') events.push({ type: 'finished', t: t + 1, ms: t - NOW });
  await writeFile(runPaths.events(runDir), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await writeFile(runPaths.experiment(runDir), run.experiment ?? EXPERIMENT);
  await writeFile(
    runPaths.log(runDir),
    'Reading bundled:quickstart: 144 train, 24 dev, 72 test queries\nTraining on cpu with 2 threads\n',
  );
  const record: RunRecord = {
    version: 1,
    id: run.id,
    name: 'quickstart',
    job: 'train',
    status: run.status,
    createdAt: NOW - 4000,
    startedAt: NOW,
    ...(run.status === 'running' ? {} : { endedAt: t + 1 }),
    experimentFile: '/home/ada/search/configs/quickstart.yml',
    git: { commit: '3f1c2d9a0b7e', isDirty: true },
    packages: { 'onnxruntime-node': '1.30.0', '@huggingface/tokenizers': '0.2.0' },
    machine: { platform: 'linux', arch: 'x64', cpu: 'AMD EPYC 9654', nCores: 2, memoryBytes: 8.2e9, node: '20.20.0' },
    seed: 42,
    data: {
      fingerprint: 'f'.repeat(64),
      source: 'bundled:quickstart',
      isSynthetic: true,
      nQueries: { train: 144, dev: 24, test: queries.length },
      nJudgements: { train: 2160, dev: 360, test: 1080 },
    },
    headline: 'esci_ndcg',
    ...(test === undefined ? {} : { test }),
    ...(run.baseline === undefined ? {} : { baseline: run.baseline }),
    ...run.record,
  };
  await writeJsonAtomic(runPaths.record(runDir), record);
  return runDir;
}

/** The text of its experiment. */
export const EXPERIMENT = `# yaml-language-server: $schema=../assets/experiment.schema.json
model: { name: "bundled:all-MiniLM-L6-v2", type: cross-encoder }
data: { uri: "bundled:quickstart" }
hyperparameters:
  num_epochs: 3
  batch_size: 16
  learning_rate: 2e-5 # small, the data is small
  warmup_ratio: 0.1
`;

/** The events of a run up to its last step. */
export function trainingEvents(
  { nSteps, nDone = nSteps, seed = 1, hasGpu = false }: MadeRun,
  nTestQueries: number,
): RunEvent[] {
  const random = seededRandom(seed);
  const uniform = () => random() / 2 ** 32;
  const evalSteps = Math.max(EVAL, Math.round(nSteps / 15));
  const perEpoch = Math.ceil(nSteps / 3);
  const events: RunEvent[] = [
    {
      type: 'started',
      t: NOW,
      version: 1,
      runId: 'r',
      pid: 1,
      totalSteps: nSteps,
      stepsPerEpoch: perEpoch,
      evalSteps,
      patience: 3,
      threads: 2,
      device: hasGpu ? 'cuda' : 'cpu',
      nTrainPairs: 2160,
      nDevQueries: 24,
      nTestQueries,
      headline: 'esci_ndcg',
    },
  ];
  let t = NOW + 2000;
  let best = Infinity;
  let bestStep = 0;
  let nWithout = 0;
  for (let step = 1; step <= nDone; step++) {
    const ms = MS * (0.85 + 0.3 * uniform());
    t += ms;
    const share = step / nSteps;
    const loss = 0.06 + 0.16 * Math.exp(-5 * share) + 0.05 * (uniform() - 0.5);
    const lr = 2e-5 * Math.min(1, share / 0.1) * Math.min(1, (1 - share) / 0.9 + 0.001);
    events.push({
      type: 'step',
      t,
      step,
      epoch: step / perEpoch,
      loss,
      lr,
      gradNorm: 0.4 + Math.exp(-4 * share) + 0.5 * uniform() ** 3,
      nPairs: 16,
      nTokens: 640,
      ms,
    });
    if (step % 2 === 0) {
      const gpu = hasGpu && step > 10 ? { gpu: 0.6 + 0.3 * uniform(), gpuMemory: 5.2e9 } : {};
      const rss = 9.1e8 + 1e8 * Math.min(1, share * 8);
      events.push({ type: 'system', t, cpu: (hasGpu ? 0.2 : 0.86) + 0.1 * uniform(), rss, ...gpu });
    }
    if (step % evalSteps !== 0) continue;
    t += 1500;
    const devLoss = 0.075 + 0.14 * Math.exp(-4.5 * share) + 0.02 * share ** 3 + 0.004 * (uniform() - 0.5);
    const isBest = devLoss < best;
    if (isBest) [best, bestStep] = [devLoss, step];
    nWithout = isBest ? 0 : nWithout + 1;
    const lift = 1 - Math.exp(-4 * share);
    const metrics = {
      esci_ndcg: 0.81 + 0.07 * lift,
      'mrr@10': 0.9 + 0.04 * lift,
      'ndcg@10': 0.83 + 0.06 * lift,
      'p@10': 0.73 + 0.04 * lift,
      'r@10': 0.58 + 0.03 * lift,
    };
    events.push({
      type: 'evaluation',
      t,
      step,
      epoch: step / perEpoch,
      loss: devLoss,
      metrics,
      isBest,
      bestStep,
      nWithoutImprovement: nWithout,
      ms: 1500,
    });
    events.push({ type: 'checkpoint', t: t + 1, step, name: `step-${String(step).padStart(6, '0')}`, bytes: 2.7e8 });
  }
  if (nDone >= nSteps) events.push({ type: 'trained', t: t + 5, step: nDone, reason: 'all steps', bestStep });
  return events;
}

interface Line {
  readonly query_id: number;
  readonly query: string;
  readonly product_id: string;
  readonly product_title: string;
  readonly esci_label: Label;
}

async function bundledQueries(nCopies: number): Promise<JudgedQuery[]> {
  const text = await readFile(join(ROOT, 'assets/quickstart/test.jsonl'), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const byQuery = new Map<number, Line[]>();
  for (const line of lines) byQuery.set(line.query_id, [...(byQuery.get(line.query_id) ?? []), line]);
  return Array.from({ length: nCopies }, (_, copy) =>
    [...byQuery].map(([id, own]): JudgedQuery => ({
      id: `${id}${copy === 0 ? '' : `-${copy}`}`,
      text: copy === 0 ? own[0]!.query : `${own[0]!.query} ${copy}`,
      judgements: own.map((line) => ({
        product: { id: line.product_id, title: line.product_title, text: line.product_title },
        label: line.esci_label,
      })),
    })),
  ).flat();
}

function noisyScores(queries: readonly JudgedQuery[], noise: number, seed: number): Float32Array[] {
  const random = seededRandom(seed);
  const normal = () => (random() + random() + random() + random() - 2 * 2 ** 32) / 2 ** 32;
  return queries.map(({ judgements }) =>
    Float32Array.from(judgements, ({ label }) => ESCI_GAINS[label] + noise * normal()),
  );
}
