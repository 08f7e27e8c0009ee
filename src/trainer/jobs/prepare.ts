import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { resolveHubDataset, resolveHubModel } from '../../hub/hub.ts';
import type { JudgedData, JudgedQuery, Split } from '../../data/judged-query.ts';
import { loadJudgedData } from '../../data/load-data.ts';
import { createRandom } from '../../data/random.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';
import type { DeviceOptions } from '../../engine/engine.ts';
import { ENGINES } from '../../engine/engines.ts';
import type { ModelType } from '../../vocabulary/model-type.ts';
import { readJsonObject } from '../../files/json-file.ts';
import { bundledDataFolder, bundledModelFolder } from '../../model/bundled.ts';
import { loadModel, type LoadedModel } from '../../model/load.ts';
import { WITHOUT_HEAD } from '../../model/rankers/rankers.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { progressReporter, type Preparation } from './job-context.ts';
import { scoreQueries, type ScoringOptions } from '../loop/score-queries.ts';

/** Reads the experiment's data, downloading it first where it is named by a hub id. */
export async function prepareData(context: Preparation, require: readonly Split[]): Promise<JudgedData> {
  const { data, hyperparameters } = context.experiment;
  const folder = bundledDataFolder(data.uri) ?? localPath(context, data.uri) ?? (await downloadData(context));
  const name = folder === data.uri ? {} : { name: data.uri };
  return loadJudgedData(
    { paths: [folder], isSynthetic: isSynthetic(folder), ...name },
    {
      locale: data.locale,
      version: data.version,
      productFields: data.product_fields,
      devQueries: data.dev_queries,
      maxQueries: data.max_queries,
      seed: hyperparameters.seed,
      require,
      onProgress: progressReporter(context, 'data', 'bytes'),
      signal: context.signal,
    },
  );
}

/** Whether a `dataset.json` beside the data says that a generator made it. */
function isSynthetic(folder: string): boolean {
  const path = join(folder, 'dataset.json');
  return existsSync(path) && readJsonObject(path, { code: 'bad-dataset', mostBytes: 1e6 })['synthetic'] === true;
}

/** Folder of the experiment's model, downloaded where it is named by a hub id. */
export async function prepareModelFolder(context: Preparation): Promise<string> {
  const { name, revision } = context.experiment.model;
  const local = bundledModelFolder(name) ?? localPath(context, name);
  if (local !== null) return local;
  const report = progressReporter(context, 'download', `bytes of ${name}`);
  return await resolveHubModel(name, revision, {
    signal: context.signal,
    onNotice: noticeReporter(context),
    onProgress: ({ doneBytes, totalBytes }) => report(doneBytes, totalBytes),
  });
}

function downloadData(context: Preparation): Promise<string> {
  const { uri } = context.experiment.data;
  const report = progressReporter(context, 'download', `bytes of ${uri}`);
  return resolveHubDataset(uri, null, {
    signal: context.signal,
    onNotice: noticeReporter(context),
    onProgress: ({ doneBytes, totalBytes }) => report(doneBytes, totalBytes),
  });
}

/** What the download has to say (a cached copy is used because the hub cannot be reached, say) becomes a warning of the run. */
function noticeReporter(context: Preparation): (text: string) => void {
  return (message) => context.emit({ type: 'warning', problem: { code: 'hub-notice', message } });
}

/** The name as a path that exists, tried from the experiment's folder and from the working folder; null for a hub id. */
function localPath({ baseFolder }: Preparation, name: string): string | null {
  const candidates = [resolve(baseFolder, name), resolve(name)];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  // What is plainly meant as a path is reported by its reader, not looked up on the hub.
  return isAbsolute(name) || /^(\.{1,2}[/\\]|~)|\\/.test(name) || name.split('/').length > 2 ? candidates[0]! : null;
}

/** The experiment's model as it is before training; head parameters that it lacks are drawn from the seed. */
export function prepareModel(
  { experiment }: Preparation,
  folder: string,
  type: ModelType = experiment.model.type,
): LoadedModel {
  const { model, hyperparameters } = experiment;
  const loaded = loadModel(folder, {
    type,
    nLabels: hyperparameters.num_labels,
    pooling: model.pooling,
    isNormalised: model.normalize,
    normal: normalRandom(hyperparameters.seed),
  });
  const { maxPositions, firstPosition } = loaded.ranker.config;
  if (hyperparameters.max_length > maxPositions - firstPosition) {
    throw new ProblemError({
      code: 'max-length',
      message: `max_length is ${hyperparameters.max_length}; the model has positions for ${maxPositions - firstPosition} tokens`,
      where: 'hyperparameters.max_length',
      next: `Set hyperparameters.max_length to ${maxPositions - firstPosition} or less.`,
    });
  }
  return loaded;
}

/** Normal random numbers by the polar method (Marsaglia & Bray 1964), one of each pair. */
function normalRandom(seed: number): () => number {
  const random = createRandom(seed, 0x4ead);
  return () => {
    for (;;) {
      const x = 2 * random.nextFloat() - 1;
      const y = 2 * random.nextFloat() - 1;
      const s = x * x + y * y;
      if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
}

export function deviceOptions({ experiment }: Preparation): DeviceOptions {
  return { device: experiment.device, threads: experiment.threads };
}

export function scoringOptions(
  { experiment }: Preparation,
  tokens: PairTokens,
  onProgress?: (nDone: number, nTotal: number) => void,
): ScoringOptions {
  return {
    tokens,
    maxLength: experiment.hyperparameters.max_length,
    batchTokens: experiment.evaluation.batch_tokens,
    loss: experiment.hyperparameters.loss_function,
    gains: experiment.hyperparameters.gains,
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}

/**
 * Scores of the model as it was before training. One whose head had to be drawn at random would rank at random, so it is shown as the bare
 * encoder's bi-encoder (pooled as the experiment or the folder says, cosine) instead.
 */
export async function scorePretrained(
  context: Preparation,
  folder: string,
  queries: readonly JudgedQuery[],
  tokens: PairTokens,
): Promise<Float32Array[]> {
  let model = prepareModel(context, folder);
  if (model.initialised.length > 0) model = prepareModel(context, folder, WITHOUT_HEAD);
  const { ranker, parameters } = model;
  const scorer = await ENGINES[context.experiment.engine].openScorer(ranker, parameters, deviceOptions(context));
  try {
    const report = progressReporter(context, 'pretrained', 'texts scored by the pretrained model');
    return await scoreQueries({ ranker, scorer }, queries, scoringOptions(context, tokens, report));
  } finally {
    await scorer.dispose();
  }
}
