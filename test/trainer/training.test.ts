import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { readRecord } from '../../src/runs/record.ts';
import { requestStop } from '../../src/runs/stop-request.ts';
import {
  newRun,
  reproducibleEvents,
  runTrainer,
  startTrainer,
  temporaryFolder,
  tinyExperiment,
  untilEvent,
  writeTinyData,
  writeTinyModel,
} from './tiny-run.ts';

const folder = temporaryFolder();
const runs = join(folder, 'runs');
let model: string;
let data: string;

beforeAll(() => {
  model = writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'data'));
});

/** SHA-256 of a file of the run. */
function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

const finalModel = (runDir: string): string => hashOf(join(runPaths.model(runDir), 'model.safetensors'));

async function finished(experiment: string): Promise<string> {
  const runDir = await newRun(runs, experiment);
  const { code, output } = await runTrainer(runDir);
  expect(code, output).toBe(TRAINER_EXIT.finished);
  return runDir;
}

/** Step events in the log, superseded ones included. */
function nStepsIn(runDir: string): number {
  const path = runPaths.events(runDir);
  return existsSync(path) ? readFileSync(path, 'utf8').split('"type":"step"').length - 1 : 0;
}

describe('a training run', () => {
  it('leaves everything that a run folder promises', async () => {
    const runDir = await finished(tinyExperiment(model, data));
    const record = await readRecord(runDir);
    expect(record.status).toBe('finished');
    expect(record.data?.nQueries).toEqual({ train: 12, dev: 4, test: 5 });
    expect(Object.keys(record.test ?? {})).toEqual(['random', 'bm25', 'pretrained', 'fine-tuned', 'ideal']);
    for (const path of [
      'rankings/test.jsonl',
      'rankings/dev.index.json',
      'test_scores.csv',
      'model/onnx/model.onnx',
      'model/README.md',
    ]) {
      expect(existsSync(join(runDir, path)), path).toBe(true);
    }
    expect(readFileSync(runPaths.testScoresCsv(runDir), 'utf8').trim().split('\n')).toHaveLength(1 + 5 * 6);
    // The optimiser's state is dropped; at most two checkpoints remain.
    const checkpoints = readdirSync(runPaths.checkpoints(runDir));
    expect(checkpoints.length).toBeLessThanOrEqual(2);
    for (const name of checkpoints)
      expect(readdirSync(join(runPaths.checkpoints(runDir), name))).not.toContain('optimizer.safetensors');
    const { events } = await readEvents(runDir);
    // The saved model gives the same scores in transformers.js: the trainer checks it.
    const codes = events.flatMap((event) => (event.type === 'warning' ? [event.problem.code] : []));
    expect(codes.filter((code) => code.startsWith('export-'))).toEqual([]);
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses).toHaveLength(27);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });

  it.each([
    ['cross-encoder', {}],
    ['cross-encoder', { loss_function: 'BCE', num_labels: 4, gradient_accumulation_steps: 2 }],
    ['bi-encoder', {}],
    ['bi-encoder', { loss_function: 'multiple-negatives', lr_scheduler: 'constant', weight_decay: 0.01 }],
  ])('gives the same events and parameters twice: %s %j', async (type, options) => {
    const experiment = tinyExperiment(model, data, options, type);
    const [first, second] = [await finished(experiment), await finished(experiment)];
    expect(await reproducibleEvents(second)).toEqual(await reproducibleEvents(first));
    expect(finalModel(second)).toBe(finalModel(first));
  });

  it('depends on the seed', async () => {
    const [first, second] = [
      await finished(tinyExperiment(model, data, { seed: 1 })),
      await finished(tinyExperiment(model, data, { seed: 2 })),
    ];
    expect(finalModel(second)).not.toBe(finalModel(first));
  });

  it('stops early and restores the best parameters', async () => {
    const runDir = await finished(
      tinyExperiment(model, data, {
        learning_rate: '2.0e-2',
        num_epochs: 20,
        early_stopping_patience: 2,
        eval_steps: 3,
      }),
    );
    const { events } = await readEvents(runDir);
    const trained = events.find((event) => event.type === 'trained')!;
    const evaluations = events.filter((event) => event.type === 'evaluation');
    expect(trained.reason).toBe('early stopping');
    const best = evaluations.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(trained.bestStep).toBe(best.step);
    const kept = join(runPaths.checkpoint(runDir, best.step), 'model.safetensors');
    expect(finalModel(runDir)).toBe(hashOf(kept));
  });

  it('selects by the metric that the experiment names, where the loss would select another model', async () => {
    const runDir = await finished(
      tinyExperiment(model, data, {
        learning_rate: '2.0e-2',
        num_epochs: 20,
        early_stopping_patience: 100,
        eval_steps: 3,
        metric_for_best_model: 'esci_ndcg',
      }),
    );
    const { events } = await readEvents(runDir);
    const evaluations = events.filter((event) => event.type === 'evaluation');
    const best = evaluations.reduce((a, b) => (b.metrics['esci_ndcg']! > a.metrics['esci_ndcg']! ? b : a));
    const lowestLoss = evaluations.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(best.step).not.toBe(lowestLoss.step);
    expect(events.find((event) => event.type === 'trained')!.bestStep).toBe(best.step);
    expect(finalModel(runDir)).toBe(hashOf(join(runPaths.checkpoint(runDir, best.step), 'model.safetensors')));
  });
});

describe('a run that was interrupted', () => {
  const experiment = (): string => tinyExperiment(model, data, { num_epochs: 14, eval_steps: 5 });
  let whole: string;
  beforeAll(async () => {
    whole = await finished(experiment());
  });

  async function expectSame(runDir: string): Promise<void> {
    expect(finalModel(runDir)).toBe(finalModel(whole));
    expect(hashOf(runPaths.testScoresCsv(runDir))).toBe(hashOf(runPaths.testScoresCsv(whole)));
    expect((await readRecord(runDir)).test).toEqual((await readRecord(whole)).test);
  }

  it('stops on request with a checkpoint and resumes to the same end', async () => {
    const runDir = await newRun(runs, experiment());
    const trainer = startTrainer({ kind: 'train', runDir, resume: false });
    await untilEvent(runDir, (text) => text.includes('"type":"step"'));
    await requestStop(runDir);
    expect((await trainer.done).code).toBe(TRAINER_EXIT.stopped);
    expect((await readRecord(runDir)).status).toBe('stopped');
    const resumed = await runTrainer(runDir, true);
    expect(resumed.code, resumed.output).toBe(TRAINER_EXIT.finished);
    await expectSame(runDir);
  });

  it('survives ten kills at random moments with bit-equal parameters and metrics', async () => {
    const random = createRandom(2026);
    const runDir = await newRun(runs, experiment());
    for (let i = 0; i < 10; i++) {
      const nBefore = nStepsIn(runDir);
      const trainer = startTrainer({ kind: 'train', runDir, resume: i > 0 });
      // Some kills come while data and model are read, most after a few steps more, anywhere in a step or a checkpoint.
      const nMore = random.nextBelow(9);
      if (nMore > 0) await untilEvent(runDir, () => nStepsIn(runDir) >= nBefore + nMore);
      await new Promise((resolve) => setTimeout(resolve, random.nextBelow(nMore === 0 ? 400 : 25)));
      trainer.kill('SIGKILL');
      const { signal, output } = await trainer.done;
      expect(signal, output).toBe('SIGKILL');
    }
    const { code, output } = await runTrainer(runDir, true);
    expect(code, output).toBe(TRAINER_EXIT.finished);
    await expectSame(runDir);
  });

  it('takes an older checkpoint when the newest is torn', async () => {
    const runDir = await newRun(runs, experiment());
    const trainer = startTrainer({ kind: 'train', runDir, resume: false });
    await untilEvent(runDir, (text) => text.split('"type":"checkpoint"').length > 3);
    trainer.kill('SIGKILL');
    await trainer.done;
    const newest = readdirSync(runPaths.checkpoints(runDir))
      .filter((name) => !name.endsWith('.tmp'))
      .sort()
      .at(-1)!;
    const torn = join(runPaths.checkpoints(runDir), newest, 'model.safetensors');
    truncateSync(torn, statSync(torn).size - 100);
    const { code, output } = await runTrainer(runDir, true);
    expect(code, output).toBe(TRAINER_EXIT.finished);
    await expectSame(runDir);
  });
});

describe('a run that cannot go on', () => {
  it('names step, parameter and batch when the loss is not finite, and keeps the last checkpoint', async () => {
    // One pair of the training data is Irrelevant, and its gain squares to infinity in float32: the step that meets it fails.
    const poisoned = writeTinyData(join(folder, 'poisoned'));
    for (const split of ['train', 'dev']) {
      const path = join(poisoned, `${split}.jsonl`);
      const lines = readFileSync(path, 'utf8').trim().split('\n');
      const last = split === 'train' ? lines.pop()! : '';
      writeFileSync(
        path,
        [...lines.map((line) => line.replace('"esci_label":"I"', '"esci_label":"C"')), last].join('\n'),
      );
    }
    const text = `${tinyExperiment(model, poisoned, { eval_steps: 1, seed: 4 })}  gains: { E: 1.0, S: 0.1, C: 0.01, I: -1.0e+30 }\n`;
    const runDir = await newRun(runs, text);
    const { code, output } = await runTrainer(runDir);
    expect(code, output).toBe(TRAINER_EXIT.problem);
    const { problem, status } = await readRecord(runDir);
    expect(status).toBe('failed');
    expect(problem?.code).toBe('loss-not-finite');
    expect(problem?.message).toMatch(/"red \w+ \d+" – /);
    expect(problem?.where).toMatch(/^step \d+/);
    expect(readdirSync(runPaths.checkpoints(runDir))).not.toEqual([]);
    expect(output).not.toMatch(/at .*\(.*:\d+:\d+\)/);
  });

  it.each([
    [
      'a model folder that does not exist',
      (text: string) => text.replace(/name: "[^"]*"/, 'name: "./nowhere"'),
      'no-model',
    ],
    [
      'sequences longer than the positions',
      (text: string) => text.replace('max_length: 32', 'max_length: 512'),
      'max-length',
    ],
    ['an engine that there is not', (text: string) => `${text}engine: sentence-transformers\n`, 'bad-experiment'],
  ])('%s', async (_what, change, code) => {
    const runDir = await newRun(runs, change(tinyExperiment(model, data)));
    const result = await runTrainer(runDir);
    expect(result.code, result.output).toBe(TRAINER_EXIT.problem);
    const record = await readRecord(runDir);
    expect(record.problem?.code).toBe(code);
    expect(record.problem?.next).toBeDefined();
    expect(existsSync(runPaths.model(runDir))).toBe(false);
  });
});
