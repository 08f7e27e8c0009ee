import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Experiment } from '../../../src/config/experiment.ts';
import type { BlockName, Pooling } from '../../../src/config/options/names.ts';
import type { LossName } from '../../../src/losses/losses.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import {
  experimentDefaults,
  isExperimentText,
  parseExperiment,
  readExperiment,
} from '../../../src/config/check/parse-experiment.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';

const CONFIGS = new URL('../../../configs/', import.meta.url);
const BI = 'model: {name: a/b, type: bi-encoder}\ndata: {uri: c/d}\n';
const CROSS = 'model: {name: a/b}\ndata: {uri: c/d}\n';

/** The original pipeline's file, written in flow style. */
const ORIGINAL_IN_FLOW = `model: { name: "cross-encoder/ms-marco-MiniLM-L-12-v2", type: "cross encoder" }
data: { uri: "alvations/esci-data-task1" }
hyperparameters: { num_epochs: 3, num_labels: 1, max_length: 512, batch_size: 64, learning_rate: 7e-6,
                   warmup_ratio: 0.1, optimizer: "AdamW", loss_function: "MSE" }
training_blocks: [ { block_name: "encoder", training: TRUE }, { block_name: "pooler", training: TRUE },
                   { block_name: "classifier", training: TRUE } ]
artifacts_path: { output_dir: "esci-artifacts/final_fine_tuned_model", checkpoints_dir: "esci-artifacts/checkpoints/",
                  logging_dir: "esci-artifacts/logs/", tensor_board_dir: "esci-artifacts/fine_tuning_experiment" }
`;

function problemsOf(text: string): string[] {
  return parseExperiment(text, 'x.yml').problems.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

describe('parseExperiment', () => {
  it('takes the original pipeline’s file unchanged, in both styles', () => {
    const original = parseExperiment(readFileSync(new URL('model_config.yml', CONFIGS), 'utf8'), 'model_config.yml');
    expect(original.problems).toEqual([]);
    expect(parseExperiment(ORIGINAL_IN_FLOW, 'flow.yml')).toEqual(original);
    expect(original).toMatchObject({
      experiment: {
        model: { name: 'cross-encoder/ms-marco-MiniLM-L-12-v2', type: 'cross-encoder' },
        hyperparameters: { learning_rate: 7e-6, warmup_ratio: 0.1, batch_size: 64, optimizer: 'AdamW' },
        training_blocks: [
          { block_name: 'encoder', training: true },
          { block_name: 'pooler', training: true },
          { block_name: 'classifier', training: true },
        ],
        artifacts_path: { checkpoints_dir: 'esci-artifacts/checkpoints/' },
      },
    });
  });

  it.each(readdirSync(CONFIGS))('takes configs/%s without a word', (file) => {
    const text = readFileSync(new URL(file, CONFIGS), 'utf8');
    expect(parseExperiment(text, file).problems).toEqual([]);
    expect(isExperimentText(text)).toBe(true);
    expect(text.startsWith('# yaml-language-server: $schema=../assets/experiment.schema.json\n')).toBe(
      file !== 'model_config.yml',
    );
  });

  it('fills every option that is left out', () => {
    expect(experimentDefaults('a/b', 'c/d')).toEqual({
      model: { name: 'a/b', type: 'cross-encoder', revision: null, pooling: null, normalize: true },
      data: {
        uri: 'c/d',
        locale: 'us',
        version: 'small',
        product_fields: ['product_title'],
        dev_queries: 0.1,
        max_queries: null,
      },
      hyperparameters: {
        num_epochs: 3,
        num_labels: 1,
        max_length: 512,
        batch_size: 64,
        learning_rate: 7e-6,
        warmup_ratio: 0.1,
        optimizer: 'AdamW',
        loss_function: 'MSE',
        weight_decay: 0,
        max_grad_norm: 1,
        gradient_accumulation_steps: 1,
        lr_scheduler: 'linear',
        eval_steps: null,
        metric_for_best_model: 'loss',
        early_stopping_patience: 3,
        early_stopping_threshold: 0.001,
        dropout: null,
        dropout_in_frozen: false,
        seed: 42,
        gains: { E: 1, S: 0.1, C: 0.01, I: 0 },
      },
      training_blocks: [],
      artifacts_path: { output_dir: null, checkpoints_dir: null, logging_dir: null, tensor_board_dir: null },
      evaluation: { metrics: ['esci_ndcg', 'mrr@10', 'ndcg@10', 'p@10', 'r@10'], baseline: null, batch_tokens: 16384 },
      engine: 'onnx',
      device: 'cpu',
      threads: null,
      keep_optimizer_state: false,
    } satisfies Experiment);
  });

  it('types the experiment by its table', () => {
    expectTypeOf<Experiment['model']['type']>().toEqualTypeOf<ModelType>();
    expectTypeOf<Experiment['model']['pooling']>().toEqualTypeOf<Pooling | null>();
    expectTypeOf<Experiment['hyperparameters']['loss_function']>().toEqualTypeOf<LossName>();
    expectTypeOf<Experiment['hyperparameters']['eval_steps']>().toEqualTypeOf<number | null>();
    expectTypeOf<Experiment['evaluation']['metrics']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Experiment['training_blocks'][number]['block_name']>().toEqualTypeOf<BlockName>();
    expectTypeOf<Experiment['hyperparameters']['gains']['E']>().toEqualTypeOf<number>();
  });

  it.each(['cross encoder', 'cross_encoder', 'Cross-Encoder', 'CROSSENCODER'])('reads the model type %s', (type) => {
    const experiment = readExperiment(`model: {name: a, type: ${type}}\ndata: {uri: b}`, 'x.yml');
    expect(experiment.model.type).toBe('cross-encoder');
  });

  it('takes the loss from the model type', () => {
    expect(readExperiment(BI, 'x.yml').hyperparameters.loss_function).toBe('cosine-MSE');
    expect(readExperiment(CROSS, 'x.yml').hyperparameters.loss_function).toBe('MSE');
  });

  it('reads names in any case, and flags in quotes', () => {
    const text = `${CROSS}hyperparameters: {optimizer: adamw, loss_function: bce, lr_scheduler: Constant}\ntraining_blocks: [{block_name: Encoder, training: "FALSE"}]\n`;
    const parsed = parseExperiment(text, 'x.yml');
    expect(parsed.problems).toEqual([]);
    expect(parsed).toMatchObject({
      experiment: {
        hyperparameters: { optimizer: 'AdamW', loss_function: 'BCE', lr_scheduler: 'constant' },
        training_blocks: [{ block_name: 'encoder', training: false }],
      },
    });
  });

  it('reads a number in quotes, with a warning that offers to take them away', () => {
    const parsed = parseExperiment(`${CROSS}hyperparameters: {learning_rate: "2e-5"}\n`, 'x.yml');
    expect(parsed).toMatchObject({
      experiment: { hyperparameters: { learning_rate: 2e-5 } },
      problems: [{ severity: 'warning', code: 'quoted-value', fix: { text: '2e-5' } }],
    });
  });

  it('reads anchors, aliases and merge keys; an own key wins over a merged one', () => {
    const text = `x-base: &base {seed: 7, num_epochs: 9}\n${CROSS}hyperparameters:\n  <<: *base\n  num_epochs: 2\n`;
    const { hyperparameters } = readExperiment(text, 'x.yml');
    expect(hyperparameters).toMatchObject({ seed: 7, num_epochs: 2 });
  });

  it('reads a byte order mark and CRLF', () => {
    const text = `\uFEFF${CROSS}hyperparameters:\n  seed: 7\n`.replaceAll('\n', '\r\n');
    expect(readExperiment(text, 'x.yml').hyperparameters.seed).toBe(7);
    const [problem] = parseExperiment(text.replace('seed', 'sede'), 'x.yml').problems;
    expect(problem).toMatchObject({ line: 4, column: 3, endLine: 4, endColumn: 7, suggestion: 'seed' });
  });

  it('lists all errors with their places in one ProblemError', () => {
    const text = `${CROSS}hyperparameters:\n  lr: 1\n  num_epochs: 0\n`;
    expect(() => readExperiment(text, 'x.yml')).toThrow(ProblemError);
    expect(() => readExperiment(text, 'x.yml')).toThrow(/x\.yml:4:3.*learning_rate[^]*x\.yml:5:15/);
  });

  it.each([
    [
      'a loss of the other type',
      `${BI}hyperparameters: {loss_function: BCE}`,
      'error conflict hyperparameters.loss_function',
    ],
    [
      'outputs of a bi-encoder',
      `${BI}hyperparameters: {num_labels: 4}`,
      'warning no-effect hyperparameters.num_labels',
    ],
    [
      'outputs beyond the labels',
      `${CROSS}hyperparameters: {num_labels: 5}`,
      'warning unusual hyperparameters.num_labels',
    ],
    ['pooling of a cross-encoder', CROSS.replace('a/b', 'a/b, pooling: cls'), 'warning no-effect model.pooling'],
    ['gains out of order', `${CROSS}hyperparameters: {gains: {S: 2}}`, 'warning unusual hyperparameters.gains'],
    ['gains beyond a cosine', `${BI}hyperparameters: {gains: {E: 2}}`, 'warning unusual hyperparameters.gains.E'],
    [
      'a head block of a bi-encoder',
      `${BI}training_blocks: [{block_name: classifier}]`,
      'warning no-effect training_blocks[0].block_name',
    ],
    [
      'most of the run as warm-up',
      `${CROSS}hyperparameters: {warmup_ratio: 0.9}`,
      'warning unusual hyperparameters.warmup_ratio',
    ],
    [
      'a learning rate that diverges',
      `${CROSS}hyperparameters: {learning_rate: 0.5}`,
      'warning unusual hyperparameters.learning_rate',
    ],
    [
      'a huge step',
      `${CROSS}hyperparameters: {batch_size: 4096, gradient_accumulation_steps: 32}`,
      'warning unusual hyperparameters.gradient_accumulation_steps',
    ],
    [
      'all blocks of a bi-encoder frozen',
      `${BI}training_blocks: [{block_name: embeddings, training: no}, {block_name: encoder, training: no}]`,
      'error conflict training_blocks',
    ],
    [
      'a column that looks misspelt',
      CROSS.replace('c/d', 'c/d, product_fields: [product_titel]'),
      'warning unusual data.product_fields[0]',
    ],
  ])('speaks up about %s', (_name, text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  it('lets embeddings train when only the other blocks are frozen, as the original does', () => {
    const frozen = ['encoder', 'pooler', 'classifier'].map((name) => `{block_name: ${name}, training: FALSE}`);
    expect(problemsOf(`${CROSS}training_blocks: [${frozen.join(', ')}]`)).toEqual([]);
  });

  it('takes a metric at any cutoff', () => {
    expect(problemsOf(`${CROSS}evaluation: {metrics: [mrr@5, 'trec:P_7']}`)).toEqual([]);
  });
});

describe('isExperimentText', () => {
  it.each([
    ['an experiment', CROSS, true],
    ['one with an unclosed bracket', 'model: {name: a\ndata:\n  uri: b\n', true],
    ['one with a tab', 'model:\n\tname: a\ndata:\n\turi: b\n', true],
    ['one in a flow mapping', '{model: {name: a}, data: {uri: b}}', true],
    ['one without data', 'model: {name: a}\n', false],
    ['a workflow that speaks of both', 'jobs:\n  model: 1\n  data: 2\n', false],
    ['nothing', '', false],
  ])('%s', (_name, text, expected) => {
    expect(isExperimentText(text)).toBe(expected);
  });
});
