import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ENGINES } from '../../engine/engines.ts';
import { BLOCKS } from '../../config/options/names.ts';
import { dataWarnings, type DataSize } from '../../config/check/data-checks.ts';
import { isBlockTrained, type Experiment } from '../../config/experiment.ts';
import type { TrainingOptions } from '../../engine/engine.ts';
import { collect } from '../../model/tensor-stream.ts';
import { loadTokeniser } from '../../tokenise/tokeniser.ts';
import type { JudgedData } from '../../data/judged-query.ts';
import { nElements } from '../../model/parameter-set.ts';
import { saveModel } from '../../model/save.ts';
import { syncFolderSync, syncTree } from '../../files/durable.ts';
import { EVENTS_VERSION } from '../../protocol/events.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import { writeDevScores } from '../../rankings/dev-scores.ts';
import type { TrainingState } from '../../runs/checkpoints.ts';
import { runPaths } from '../../runs/layout.ts';
import { openRankingsWriter } from '../../rankings/rankings-writer.ts';
import { requireArtifactFolders, writeArtifacts } from '../report/artifacts.ts';
import { runBaseline } from './baseline.ts';
import { planBatches } from '../loop/batches.ts';
import { standingBest } from '../loop/best-checkpoint.ts';
import { checkpointBytes, findStart, requireDiskSpace } from '../loop/checkpoint.ts';
import { evaluateDev, requireBestMetric } from '../loop/dev-evaluation.ts';
import { diskNeed } from './disk-need.ts';
import { countPairs, examplesFor } from '../loop/examples.ts';
import { progressReporter, type JobContext } from './job-context.ts';
import { modelCard } from '../report/model-card.ts';
import {
  deviceOptions,
  prepareData,
  prepareModel,
  prepareModelFolder,
  scorePretrained,
  scoringOptions,
} from './prepare.ts';
import { scoreQueries } from '../loop/score-queries.ts';
import { reportTest } from '../report/test-report.ts';
import { isTrained, train } from '../loop/train.ts';
import { verifyExport } from '../report/verify-export.ts';

/** The whole job: data, training, test evaluation, final model. Returns null, or the step at which it was asked to stop. */
export async function runTrain(context: JobContext): Promise<number | null> {
  const { experiment, runDir } = context;
  requireArtifactFolders(context);
  const named = await runBaseline(context);
  const modelFolder = await prepareModelFolder(context);
  const data = await prepareData(context, ['train', 'dev', 'test']);
  const baseline = await named?.scoresOn(data.test);
  const model = prepareModel(context, modelFolder);
  const tokens = await loadTokeniser(modelFolder, model.ranker.config);
  requireBestMetric(data.dev, experiment);
  context.checkStop();

  const examples = examplesFor(experiment.hyperparameters.loss_function, data.train);
  const batches = planBatches(experiment, model.ranker, examples, tokens);
  const used = describeData(data);
  await context.update({ data: used, totalSteps: batches.plan.totalSteps });
  const isOver = (state: TrainingState): boolean => isTrained(state, batches.plan, experiment);
  const { start: newest, passedOver } = findStart(runDir, isOver);
  const { finalStep, before } = context;
  const { state: start, warning: chosen } = standingBest(runDir, newest, {
    finalStep,
    evaluations: before.evaluations,
    isTrained: newest !== null && isOver(newest),
  });
  context.emit({
    type: 'started',
    version: EVENTS_VERSION,
    runId: context.record.id,
    pid: process.pid,
    totalSteps: batches.plan.totalSteps,
    stepsPerEpoch: batches.plan.stepsPerEpoch,
    evalSteps: batches.plan.evalSteps,
    patience: experiment.hyperparameters.early_stopping_patience,
    threads: experiment.threads ?? 0,
    device: experiment.device,
    nTrainPairs: countPairs(examples),
    nDevQueries: data.dev.length,
    nTestQueries: data.test.length,
    headline: context.record.headline ?? experiment.evaluation.metrics[0]!,
  });
  if (context.isResumed) context.emit({ type: 'resumed', fromStep: start?.step ?? 0, pid: process.pid });
  for (const problem of passedOver) context.emit({ type: 'warning', problem });
  if (chosen !== null) context.emit({ type: 'warning', problem: chosen });
  if (chosen !== null && start?.best != null) await context.update({ best: start.best });
  for (const problem of model.warnings) context.emit({ type: 'warning', problem });
  for (const problem of dataWarnings(experiment, trainSize(used))) context.emit({ type: 'warning', problem });
  for (const note of data.notes) context.emit({ type: 'warning', problem: { code: 'data-note', message: note } });

  const engine = await ENGINES[experiment.engine].openTraining(
    model.ranker,
    model.parameters,
    trainingOptions(experiment),
    deviceOptions(context),
  );
  const nEvaluations = Math.ceil(batches.plan.totalSteps / batches.plan.evalSteps);
  const need = diskNeed(nElements(model.parameters), engine.nTrained, nEvaluations);
  requireDiskSpace(runDir, Math.max(0, need - checkpointBytes(runDir)), 'this run');
  const loaded = { ranker: model.ranker, scorer: engine.scorer };
  await writeDevQueries(runDir, data);
  const stoppedAt = await train({
    experiment,
    start,
    runDir,
    plan: batches.plan,
    engine,
    batchesOf: batches.batchesOf,
    describe: batches.describe,
    emit: (event) => context.emit(event),
    onSaved: ({ step: lastStep, best }) => context.update(best === null ? { lastStep } : { lastStep, best }),
    shouldStop: () => context.shouldStop(),
    evaluate: async (index) => {
      const evaluation = await evaluateDev(loaded, data.dev, experiment, scoringOptions(context, tokens));
      await writeDevScores(runDir, index, evaluation.scores);
      return evaluation;
    },
  });
  if (stoppedAt !== null) {
    await engine.dispose();
    return stoppedAt;
  }

  const report = progressReporter(context, 'test', 'texts scored by the fine-tuned model');
  const fineTuned = await scoreQueries(loaded, data.test, scoringOptions(context, tokens, report));
  const parameters = await collect(engine.read('parameters'));
  await engine.dispose();
  const pretrained = await scorePretrained(context, modelFolder, data.test, tokens);
  const test = await reportTest(context, data.test, {
    pretrained,
    ...(baseline && { baseline }),
    'fine-tuned': fineTuned,
  });

  progressReporter(context, 'export', 'model')(0, 1);
  const card = modelCard({
    runId: context.record.id,
    experiment,
    words: model.ranker.card,
    dataSource: data.source,
    isSynthetic: data.isSynthetic,
    baseline: named?.id,
    test,
  });
  const temporary = `${runPaths.model(runDir)}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const maxLength = experiment.hyperparameters.max_length;
  const { folder: source, config, unused } = model;
  saveModel(temporary, model.ranker, parameters, { source, config, unused, maxLength, card });
  const problem = await verifyExport(temporary, data.test, fineTuned, {
    ranker: model.ranker,
    ...scoringOptions(context, tokens),
  });
  if (problem !== null) context.emit({ type: 'warning', problem });
  syncTree(temporary);
  rmSync(runPaths.model(runDir), { recursive: true, force: true });
  renameSync(temporary, runPaths.model(runDir));
  syncFolderSync(dirname(temporary));
  await context.update({ test });
  await writeArtifacts(context);
  return null;
}

/** How an experiment trains, for the engine. Every block trains unless it is listed as frozen; embeddings belong to no other block. */
export function trainingOptions(experiment: Experiment): TrainingOptions {
  const { hyperparameters: options } = experiment;
  return {
    loss: options.loss_function,
    trainedBlocks: new Set(BLOCKS.filter((block) => isBlockTrained(experiment, block))),
    dropout: options.dropout,
    hasDropoutInFrozen: options.dropout_in_frozen,
    optimizer: options.optimizer,
    weightDecay: options.weight_decay,
    seed: options.seed,
  };
}

export function describeData(data: JudgedData): NonNullable<RunRecord['data']> {
  const splits = ['train', 'dev', 'test'] as const;
  const count = (of: (split: (typeof splits)[number]) => number): { train: number; dev: number; test: number } => ({
    train: of('train'),
    dev: of('dev'),
    test: of('test'),
  });
  return {
    fingerprint: data.fingerprint,
    source: data.source,
    isSynthetic: data.isSynthetic,
    nQueries: count((split) => data[split].length),
    nJudgements: count((split) => data[split].reduce((sum, { judgements }) => sum + judgements.length, 0)),
  };
}

/** What checks against an experiment's data ask for. */
export function trainSize({ nQueries, nJudgements }: NonNullable<RunRecord['data']>): DataSize {
  return { nQueries: nQueries.train, nJudgements: nJudgements.train };
}

/** The dev queries once; each evaluation stores its scores beside them. */
async function writeDevQueries(runDir: string, data: JudgedData): Promise<void> {
  const writer = await openRankingsWriter(runDir, 'dev');
  for (const { id, text, judgements } of data.dev) {
    const products = judgements.map(({ product, label }) => ({ id: product.id, title: product.title, label }));
    await writer.add({ id, text, products, scores: {}, metrics: {} });
  }
  await writer.finish();
}
