import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokeniser, type Tokeniser } from '../../../src/tokenise/tokeniser.ts';
import { openScorer } from '../../../src/engine/onnx/scorer.ts';
import { ESCI_GAINS } from '../../../src/vocabulary/label.ts';
import { loadModel } from '../../../src/model/load.ts';
import { saveModel, type SaveOptions } from '../../../src/model/save.ts';
import { scoreQueries } from '../../../src/trainer/loop/score-queries.ts';
import { verifyExport } from '../../../src/trainer/report/verify-export.ts';
import { temporaryFolder, writeTinyModel } from '../../trainer/tiny-run.ts';
import { query } from './queries.ts';

const queries = [query('a', 'ESCI'), query('b', 'EI')];
const source = temporaryFolder();
let tokens: Tokeniser;
beforeAll(async () => {
  writeTinyModel(source);
  tokens = await loadTokeniser(source);
});

describe.each(['cross-encoder', 'bi-encoder'] as const)('the saved %s', (type) => {
  async function saved(changes: Partial<SaveOptions> = {}) {
    const model = loadModel(source, { type, nLabels: 1, pooling: null, isNormalised: true, normal: () => 0 });
    const folder = temporaryFolder();
    saveModel(folder, model.ranker, model.parameters, {
      source,
      config: model.config,
      unused: model.unused,
      maxLength: 32,
      card: '',
      ...changes,
    });
    const scorer = await openScorer(model.ranker, model.parameters, { device: 'cpu', threads: null });
    const options = {
      ranker: model.ranker,
      tokens,
      maxLength: 32,
      batchTokens: 1000,
      loss: 'MSE',
      gains: ESCI_GAINS,
    } as const;
    const scores = await scoreQueries({ ranker: model.ranker, scorer }, queries, options);
    return { folder, scores, options };
  }

  it('gives the same scores in transformers.js', async () => {
    const { folder, scores, options } = await saved();
    expect(await verifyExport(folder, queries, scores, options)).toBeNull();
  });

  it('gives the same scores where its ONNX data is in files of its own', async () => {
    const onnxLimits = { mostInline: 0, leastExternal: 1024, mostInFile: 10_000 };
    const { folder, scores, options } = await saved({ onnxLimits });
    expect(readdirSync(join(folder, 'onnx')).length).toBeGreaterThan(2);
    expect(await verifyExport(folder, queries, scores, options)).toBeNull();
    const data = join(folder, 'onnx', 'model.onnx_data');
    writeFileSync(data, readFileSync(data).fill(0));
    expect((await verifyExport(folder, queries, scores, options))?.code).toBe('export-differs');
    rmSync(data);
    expect((await verifyExport(folder, queries, scores, options))?.code).toBe('export-not-checked');
  });

  it('does not ask for data files that only the original had', async () => {
    const original = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8')) as object;
    const config = {
      ...original,
      'transformers.js_config': { use_external_data_format: { 'model.onnx': 3 }, kept: 1 },
    };
    const { folder, scores, options } = await saved({ config });
    expect(await verifyExport(folder, queries, scores, options)).toBeNull();
    const text = readFileSync(join(folder, 'config.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ 'transformers.js_config': { use_external_data_format: false, kept: 1 } });
  });

  it('is reported when its scores differ, or when it does not run', async () => {
    const { folder, scores, options } = await saved();
    scores[0]![0] = scores[0]![0]! + 1e-3;
    expect((await verifyExport(folder, queries, scores, options))?.code).toBe('export-differs');
    writeFileSync(join(folder, 'onnx', 'model.onnx'), 'broken');
    expect((await verifyExport(folder, queries, scores, options))?.code).toBe('export-not-checked');
  });
});
