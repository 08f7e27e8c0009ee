import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataWarnings } from '../../config/check/data-checks.ts';
import { readExperiment } from '../../config/check/parse-experiment.ts';
import { lengthSortedBatches } from '../../data/batch.ts';
import { loadTokeniser, type PairTokens, type Tokeniser } from '../../tokenise/tokeniser.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { ADAMW_DEFAULTS } from '../../engine/adamw.ts';
import { createScorer, type Scorer } from '../../engine/scorer.ts';
import { TrainingStep, type MicroBatch } from '../../engine/training-step.ts';
import type { ModelType } from '../../config/options/names.ts';
import { LABELS, type Label } from '../../vocabulary/label.ts';
import { nElements } from '../../model/parameter-set.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import type { ProbeJob } from '../../protocol/jobs.ts';
import type { ProbeReport, ProbeSample } from '../../protocol/probe.ts';
import { namedBaseline } from './baseline.ts';
import { planBatches } from '../loop/batches.ts';
import { saveCheckpoint } from '../loop/checkpoint.ts';
import { diskNeed } from './disk-need.ts';
import { examplesFor, type Example } from '../loop/examples.ts';
import { StopRequest, type NewEvent, type Preparation } from './job-context.ts';
import { deviceOptions, prepareData, prepareModel, prepareModelFolder } from './prepare.ts';
import { quantile, spread, throughPoints, type Point } from './probe-cost.ts';
import { describeData, trainedBlocks, trainSize } from './run-train.ts';

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
  const model = prepareModel(context, modelFolder);
  const texts = await loadTokeniser(modelFolder, model.ranker.architecture);
  const examples = examplesFor(options.loss_function, data.train);
  const { plan, batchesOf } = planBatches(experiment, examples, texts);
  const nEpochSteps = Math.min(plan.stepsPerEpoch, plan.totalSteps);
  const stepTokens = Array.from({ length: nEpochSteps }, (_, i) => paddedTokens(batchesOf(i)));

  const training = {
    loss: options.loss_function,
    trainedBlocks: trainedBlocks(experiment),
    dropout: options.dropout,
    hasDropoutInFrozen: options.dropout_in_frozen,
  };
  const step = await TrainingStep.create(model.ranker, training, model.parameters, deviceOptions(context));
  const scorer = await createScorer(model.ranker, model.parameters, deviceOptions(context));
  const prepareMs = process.uptime() * 1000;
  const stepPoints = await timeSteps(context, step, stepTokens, batchesOf, onProgress);
  const { nTrained } = step;
  const checkpointMs = timeCheckpoint(model.parameters, step);
  const scoring = { texts, maxLength: options.max_length, batchTokens: experiment.evaluation.batch_tokens };
  const { type } = model.ranker;
  const msPerToken = await timeScoring(context, scorer, type, data.test, scoring, onProgress);
  await Promise.all([step.dispose(), scorer.dispose()]);

  const msOfStep = throughPoints(stepPoints);
  const msOfScoring = (as: ModelType, queries: readonly JudgedQuery[]): number =>
    scoringBatches(as, queries, scoring).reduce((sum, batch) => sum + batch.tokens * msPerToken(batch.length), 0);
  const nEvaluations = Math.ceil(plan.totalSteps / plan.evalSteps);
  const pretrainedType = model.initialised.length > 0 ? 'bi-encoder' : type;
  const epochMs = stepTokens.reduce((sum, tokens) => sum + msOfStep(tokens), 0);
  const used = describeData(data);
  const { source, isSynthetic, nQueries, nJudgements } = used;
  return {
    nParameters: nElements(model.parameters),
    nTrained,
    data: { source, isSynthetic, nQueries, nJudgements, labels: countLabels(data.train) },
    tokens: describeLengths(type, examples, texts, options.max_length),
    samples: samplesOf(type, data.train, texts, options.max_length),
    totalSteps: plan.totalSteps,
    evalSteps: plan.evalSteps,
    nTrainPairs: examples.length,
    cost: {
      prepareMs,
      trainMs: (epochMs / nEpochSteps) * plan.totalSteps,
      evaluateMs: nEvaluations * (msOfScoring(type, data.dev) + checkpointMs),
      testMs: msOfScoring(type, data.test) + msOfScoring(pretrainedType, data.test) + checkpointMs,
      memoryBytes: process.resourceUsage().maxRSS * 1024,
      diskBytes: diskNeed(nElements(model.parameters), nTrained, nEvaluations),
      freeDiskBytes: freeBytes(job.runsFolder),
      nTimedSteps: stepPoints.length,
    },
    warnings: [
      ...warnings,
      ...[...model.warnings, ...dataWarnings(experiment, trainSize(used))].map(({ message }) => message),
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
  step: TrainingStep,
  stepTokens: readonly number[],
  batchesOf: (step: number) => readonly MicroBatch[],
  onProgress: ProbeProgress,
): Promise<Point[]> {
  const { hyperparameters: options } = context.experiment;
  let nRun = 0;
  const time = async (index: number): Promise<Point> => {
    context.checkStop();
    const started = performance.now();
    for (const [micro, batch] of batchesOf(index).entries())
      await step.accumulate(batch, { seed: options.seed, step: index, micro });
    const adamw = { ...ADAMW_DEFAULTS, weightDecay: options.weight_decay };
    step.update(0, ++nRun, adamw, options.max_grad_norm, step.gradientNorm());
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
function timeCheckpoint(parameters: Parameters<typeof saveCheckpoint>[2], step: TrainingStep): number {
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-probe-'));
  try {
    const started = performance.now();
    saveCheckpoint(folder, { step: 0, best: null, nWithoutImprovement: 0 }, parameters, step.moments);
    return performance.now() - started;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface ScoringPlan {
  readonly texts: PairTokens;
  readonly maxLength: number;
  readonly batchTokens: number;
}

interface PlannedScoring {
  /** Longest sequence, in tokens. */
  readonly length: number;
  /** Padding included. */
  readonly tokens: number;
  readonly items: readonly number[];
}

/** What `scoreQueries` scores: pairs, or distinct texts of a bi-encoder. */
function scoredTexts(type: ModelType, queries: readonly JudgedQuery[]): (readonly [string, string?])[] {
  if (type === 'cross-encoder')
    return queries.flatMap(({ text, judgements }) => judgements.map(({ product }) => [text, product.text] as const));
  const distinct = new Set(queries.flatMap((q) => [q.text, ...q.judgements.map(({ product }) => product.text)]));
  return [...distinct].map((text) => [text] as const);
}

function scoringBatches(
  type: ModelType,
  queries: readonly JudgedQuery[],
  { texts, maxLength, batchTokens }: ScoringPlan,
): PlannedScoring[] {
  const lengths = scoredTexts(type, queries).map(([text, product]) =>
    product === undefined ? texts.length(text, maxLength) : texts.pairLength(text, product, maxLength),
  );
  return lengthSortedBatches(lengths, batchTokens).map((items) => {
    const length = maxOf(items.map((i) => lengths[i]!));
    return { length, tokens: length * items.length, items };
  });
}

/** Time a token by the length of the sequences, from batches of the test queries. */
async function timeScoring(
  context: Preparation,
  scorer: Scorer,
  type: ModelType,
  queries: readonly JudgedQuery[],
  plan: ScoringPlan,
  onProgress: ProbeProgress,
): Promise<(length: number) => number> {
  const { texts, maxLength } = plan;
  const all = scoredTexts(type, queries);
  const batches = scoringBatches(type, queries, plan);
  const chosen = spread(batches.map(({ length }) => length));
  const started = performance.now();
  const points: Point[] = [];
  for (const [i, index] of chosen.entries()) {
    context.checkStop();
    if (points.length > 0 && performance.now() - started > BUDGET_MS) break;
    onProgress('scorings timed', i, chosen.length);
    const { items, length, tokens } = batches[index]!;
    const sequences = items.map((item) => {
      const [text, product] = all[item]!;
      return product === undefined ? texts.single(text, maxLength) : texts.pair(text, product, maxLength);
    });
    const at = performance.now();
    await scorer.score(sequences);
    points.push({ x: length, y: (performance.now() - at) / tokens });
  }
  return throughPoints(points);
}

function countLabels(queries: readonly JudgedQuery[]): Record<Label, number> {
  const counts = { E: 0, S: 0, C: 0, I: 0 };
  for (const { judgements } of queries) for (const { label } of judgements) counts[label]++;
  return counts;
}

function describeLengths(
  type: ModelType,
  examples: readonly Example[],
  texts: PairTokens,
  maxLength: number,
): ProbeReport['tokens'] {
  const lengths = examples.flatMap(({ query, product }) =>
    type === 'cross-encoder'
      ? [texts.pairLength(query.text, product.text, Infinity)]
      : [texts.length(query.text, Infinity), texts.length(product.text, Infinity)],
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
  type: ModelType,
  queries: readonly JudgedQuery[],
  texts: Tokeniser,
  maxLength: number,
): ProbeSample[] {
  const pairs = queries.flatMap((query) => query.judgements.map(({ product, label }) => ({ query, product, label })));
  const firsts = LABELS.flatMap((label) => pairs.find((pair) => pair.label === label) ?? []);
  const chosen = [...new Set([...firsts, ...pairs.slice(0, N_SAMPLES)])].slice(0, N_SAMPLES);
  return chosen.map(({ query, product, label }) => ({
    query: query.text,
    product: product.text,
    label,
    sequences: (type === 'cross-encoder'
      ? [texts.pair(query.text, product.text, maxLength)]
      : [texts.single(query.text, maxLength), texts.single(product.text, maxLength)]
    ).map(({ ids }) => texts.decode(ids)),
  }));
}

/** Free bytes of the disk that a folder is on, or would be. */
function freeBytes(folder: string): number {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
}
