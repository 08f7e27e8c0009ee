import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataWarnings } from '../../config/check/data-checks.ts';
import { readExperiment } from '../../config/check/parse-experiment.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { ENGINES } from '../../engine/engines.ts';
import type { MicroBatch, Scorer, TrainingEngine } from '../../engine/engine.ts';
import { nElements } from '../../model/parameter-set.ts';
import type { Ranker } from '../../model/rankers/ranker.ts';
import { WITHOUT_HEAD } from '../../model/rankers/rankers.ts';
import type { ProbeJob } from '../../protocol/jobs.ts';
import type { ProbeReport, ProbeSample } from '../../protocol/probe.ts';
import { lengthOf, sequenceOf } from '../../tokenise/texts.ts';
import { loadTokeniser, type Tokeniser } from '../../tokenise/tokeniser.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import { LABELS, type Label } from '../../vocabulary/label.ts';
import { planBatches } from '../loop/batches.ts';
import { saveCheckpoint } from '../loop/checkpoint.ts';
import { countPairs, examplesFor, towersOf, type Example } from '../loop/examples.ts';
import { scoringBatches, textsOf, type ScoringOptions } from '../loop/score-queries.ts';
import { namedBaseline } from './baseline.ts';
import { diskNeed } from './disk-need.ts';
import type { NewEvent } from '../new-event.ts';
import { StopRequest, type Preparation } from './job-context.ts';
import { deviceOptions, prepareData, prepareModel, prepareModelFolder, scoringOptions } from './prepare.ts';
import { quantile, spread, throughPoints, type Point } from './probe-cost.ts';
import { describeData, trainingOptions, trainSize } from './run-train.ts';

/** Longest time that training steps are timed for, and scoring; each is timed once at least. */
const BUDGET_MS = 8000;

const N_SAMPLES = 3;

export interface ProbeProgress {
  (what: string, done: number, total: number | null): void;
}

/**
 * What an experiment would run on and what it would cost: reads model and data as training does, and times real steps. Nothing stays on
 * disk but what a hub download keeps; a checkpoint is written to the temporary folder, to time it.
 */
export async function runProbe(job: ProbeJob, signal: AbortSignal, onProgress: ProbeProgress): Promise<ProbeReport> {
  const experiment = readExperiment(job.text, job.experimentFile);
  const options = experiment.hyperparameters;
  const warnings: string[] = [];
  const context: Preparation = {
    experiment,
    baseFolder: existsSync(job.experimentFile) ? dirname(job.experimentFile) : process.cwd(),
    signal,
    emit: (event: NewEvent) => {
      if (event.type === 'progress') onProgress(event.what, event.done, event.total);
      if (event.type === 'warning') warnings.push(event.problem.message);
    },
    checkStop: () => {
      if (signal.aborted) throw new StopRequest(0);
    },
  };
  const baseline = await namedBaseline(context, job.runsFolder);
  const modelFolder = await prepareModelFolder(context);
  const data = await prepareData(context, ['train', 'dev', 'test']);
  // A run that could not start is better told now.
  await baseline?.scoresOn(data.test);
  const { ranker, parameters, initialised, warnings: modelWarnings } = prepareModel(context, modelFolder);
  const tokens = await loadTokeniser(modelFolder, ranker.config);
  const examples = examplesFor(options.loss_function, data.train);
  const { plan, batchesOf } = planBatches(experiment, ranker, examples, tokens);
  const nEpochSteps = Math.min(plan.stepsPerEpoch, plan.totalSteps);
  const stepTokens = Array.from({ length: nEpochSteps }, (_, i) => paddedTokens(batchesOf(i)));

  const engine = await ENGINES[experiment.engine].openTraining(
    ranker,
    parameters,
    trainingOptions(experiment),
    deviceOptions(context),
  );
  const prepareMs = process.uptime() * 1000;
  const stepPoints = await timeSteps(context, engine, stepTokens, batchesOf, onProgress);
  const { nTrained } = engine;
  const checkpointMs = await timeCheckpoint(engine);
  const scoring = scoringOptions(context, tokens);
  const msPerToken = await timeScoring(context, ranker, engine.scorer, data.test, scoring, onProgress);
  const { peakHostBytes, deviceBytes } = await engine.memory();
  await engine.dispose();

  const msOfStep = throughPoints(stepPoints);
  const msOfScoring = (as: Ranker, queries: readonly JudgedQuery[]): number =>
    scoringBatches(as.plan(textsOf(queries)).texts, scoring).reduce(
      (sum, { items, length }) => sum + items.length * length * msPerToken(length),
      0,
    );
  const nEvaluations = Math.ceil(plan.totalSteps / plan.evalSteps);
  const pretrained = initialised.length > 0 ? prepareModel(context, modelFolder, WITHOUT_HEAD).ranker : ranker;
  const epochMs = stepTokens.reduce((sum, tokens) => sum + msOfStep(tokens), 0);
  const used = describeData(data);
  const { source, isSynthetic, nQueries, nJudgements } = used;
  return {
    nParameters: nElements(parameters),
    nTrained,
    data: { source, isSynthetic, nQueries, nJudgements, labels: countLabels(data.train) },
    tokens: describeLengths(ranker, examples, tokens, options.max_length),
    samples: samplesOf(ranker, data.train, tokens, options.max_length),
    totalSteps: plan.totalSteps,
    evalSteps: plan.evalSteps,
    nTrainPairs: countPairs(examples),
    cost: {
      prepareMs,
      trainMs: (epochMs / nEpochSteps) * plan.totalSteps,
      evaluateMs: nEvaluations * (msOfScoring(ranker, data.dev) + checkpointMs),
      testMs: msOfScoring(ranker, data.test) + msOfScoring(pretrained, data.test) + checkpointMs,
      memoryBytes: peakHostBytes + (deviceBytes ?? 0),
      diskBytes: diskNeed(nElements(parameters), nTrained, nEvaluations),
      freeDiskBytes: freeBytes(job.runsFolder),
      nTimedSteps: stepPoints.length,
    },
    warnings: [
      ...warnings,
      ...[...modelWarnings, ...dataWarnings(experiment, trainSize(used))].map(({ message }) => message),
      ...data.notes,
    ],
  };
}

/** Tokens that a step computes, padding included. */
function paddedTokens(batches: readonly MicroBatch[]): number {
  return batches
    .flatMap(({ towers }) => towers)
    .reduce(
      (sum, tower) =>
        sum +
        tower.length *
          maxOf(
            tower.map(({ ids }) => ids.length),
            0,
          ),
      0,
    );
}

/** Times steps over the spread of sizes; the first is run once before, because it allocates. */
async function timeSteps(
  context: Preparation,
  engine: TrainingEngine,
  stepTokens: readonly number[],
  batchesOf: (step: number) => readonly MicroBatch[],
  onProgress: ProbeProgress,
): Promise<Point[]> {
  const maxNorm = context.experiment.hyperparameters.max_grad_norm;
  const time = async (index: number): Promise<Point> => {
    context.checkStop();
    const started = performance.now();
    await engine.step(batchesOf(index), { step: index, lr: 0, maxNorm });
    return { x: stepTokens[index]!, y: performance.now() - started };
  };
  const chosen = spread(stepTokens);
  const started = performance.now();
  const first = await time(chosen[0]!);
  const points: Point[] = [];
  for (const [i, index] of chosen.entries()) {
    onProgress('training steps timed', i, chosen.length);
    if (performance.now() - started > BUDGET_MS) break;
    points.push(await time(index));
  }
  return points.length === 0 ? [first] : points;
}

/** Time of a checkpoint, written to the temporary folder. */
async function timeCheckpoint(engine: TrainingEngine): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-probe-'));
  try {
    const started = performance.now();
    await saveCheckpoint(folder, { step: 0, best: null, nWithoutImprovement: 0 }, engine);
    return performance.now() - started;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Time a token by the length of the sequences, from batches of the test queries. */
async function timeScoring(
  context: Preparation,
  ranker: Ranker,
  scorer: Scorer,
  queries: readonly JudgedQuery[],
  options: ScoringOptions,
  onProgress: ProbeProgress,
): Promise<(length: number) => number> {
  const { texts } = ranker.plan(textsOf(queries));
  const batches = scoringBatches(texts, options);
  const chosen = spread(batches.map(({ length }) => length));
  const started = performance.now();
  const points: Point[] = [];
  for (const [i, index] of chosen.entries()) {
    context.checkStop();
    if (points.length > 0 && performance.now() - started > BUDGET_MS) break;
    onProgress('scorings timed', i, chosen.length);
    const { items, length } = batches[index]!;
    const sequences = items.map((item) => sequenceOf(options.tokens, texts[item]!, options.maxLength));
    const at = performance.now();
    await scorer.score(sequences);
    points.push({ x: length, y: (performance.now() - at) / (length * items.length) });
  }
  return throughPoints(points);
}

function countLabels(queries: readonly JudgedQuery[]): Record<Label, number> {
  const counts = { E: 0, S: 0, C: 0, I: 0 };
  for (const { judgements } of queries) for (const { label } of judgements) counts[label]++;
  return counts;
}

function describeLengths(
  ranker: Ranker,
  examples: readonly Example[],
  tokens: Tokeniser,
  maxLength: number,
): ProbeReport['tokens'] {
  const lengths = examples.flatMap((example) =>
    towersOf(ranker, example)
      .flat()
      .map((texts) => lengthOf(tokens, texts, Infinity)),
  );
  return {
    nSequences: lengths.length,
    mean: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length),
    p95: quantile(lengths, 0.95),
    max: quantile(lengths, 1),
    nTruncated: lengths.filter((length) => length > maxLength).length,
  };
}

/** Three pairs of different labels where there are, the first of each in the data's order. */
function samplesOf(
  ranker: Ranker,
  queries: readonly JudgedQuery[],
  tokens: Tokeniser,
  maxLength: number,
): ProbeSample[] {
  const pairs = queries.flatMap((query) => query.judgements.map(({ product, label }) => ({ query, product, label })));
  const firsts = LABELS.flatMap((label) => pairs.find((pair) => pair.label === label) ?? []);
  const chosen = [...new Set([...firsts, ...pairs.slice(0, N_SAMPLES)])].slice(0, N_SAMPLES);
  return chosen.map(({ query, product, label }) => ({
    query: query.text,
    product: product.text,
    label,
    sequences: ranker
      .textsOf(query.text, [product.text])
      .flat()
      .map((texts) => tokens.decode(sequenceOf(tokens, texts, maxLength).ids)),
  }));
}

/** Free bytes of the disk that a folder is on, or would be. */
function freeBytes(folder: string): number {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
}
