/** The end of a run, and what may go wrong there: nothing that was trained may be lost. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/protocol/events.ts';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import { checkpointSteps } from '../../src/runs/checkpoints.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { readRecord, updateRecord } from '../../src/runs/record.ts';
import {
  newRun,
  runTrainer,
  startTrainer,
  temporaryFolder,
  tinyExperiment,
  untilEvent,
  writeTinyData,
  writeTinyModel,
} from './tiny-run.ts';
import { undoEnd } from './undo-end.ts';

const folder = temporaryFolder();
const runs = join(folder, 'runs');
let model: string;
let data: string;
let headless: string;
beforeAll(() => {
  headless = writeTinyModel(join(folder, 'headless'), 64, null);
  model = writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'data'));
});

const experiment = (more = ''): string => `${tinyExperiment(model, data)}${more}`;
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const eventsOf = async (runDir: string): Promise<readonly RunEvent[]> => (await readEvents(runDir)).events;
const count = async (runDir: string, type: RunEvent['type']): Promise<number> =>
  (await eventsOf(runDir)).filter((event) => event.type === type).length;

async function trained(text = experiment()): Promise<string> {
  const runDir = await newRun(runs, text);
  const { code, output } = await runTrainer(runDir);
  expect(code, output).toBe(TRAINER_EXIT.finished);
  return runDir;
}

describe('extra outputs', () => {
  it('that cannot be made are refused before anything is trained', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const runDir = await newRun(
      runs,
      experiment(`artifacts_path: { output_dir: ${JSON.stringify(join(folder, 'a-file', 'out'))} }\n`),
    );
    const { code } = await runTrainer(runDir);
    expect(code).toBe(TRAINER_EXIT.problem);
    expect((await readRecord(runDir)).problem).toMatchObject({
      code: 'artifacts-path',
      where: 'artifacts_path.output_dir',
    });
    expect(await count(runDir, 'step')).toBe(0);
  });

  it('that fail later are a warning of a run that has finished', async () => {
    const out = join(folder, 'late');
    const runDir = await newRun(runs, experiment(`artifacts_path: { output_dir: ${JSON.stringify(out)} }\n`));
    const trainer = startTrainer({ kind: 'train', runDir, resume: false });
    await untilEvent(runDir, (text) => text.includes('"type":"step"'));
    writeFileSync(out, 'somebody puts a file there meanwhile');
    const { code, output } = await trainer.done;
    expect(code, output).toBe(TRAINER_EXIT.finished);
    const warnings = (await eventsOf(runDir)).filter((event) => event.type === 'warning');
    expect(warnings.map(({ problem }) => problem.code)).toContain('artifacts-not-written');
    expect((await readRecord(runDir)).status).toBe('finished');
  });
});

describe('a run that has trained to its end', () => {
  it('is restored without the optimiser’s state, and trains no step again', async () => {
    const runDir = await trained();
    const before = hashOf(join(runPaths.model(runDir), 'model.safetensors'));
    const csv = hashOf(runPaths.testScoresCsv(runDir));
    const nSteps = await count(runDir, 'step');
    for (const step of checkpointSteps(runDir)) {
      expect(existsSync(join(runPaths.checkpoint(runDir, step), 'optimizer.safetensors'))).toBe(false);
    }
    await undoEnd(runDir);
    const { code, output } = await runTrainer(runDir, true);
    expect(code, output).toBe(TRAINER_EXIT.finished);
    expect(await count(runDir, 'step')).toBe(nSteps);
    expect(hashOf(join(runPaths.model(runDir), 'model.safetensors'))).toBe(before);
    expect(hashOf(runPaths.testScoresCsv(runDir))).toBe(csv);
  });

  it('and said so, but not in run.json, is only ended there', async () => {
    const runDir = await trained();
    await updateRecord(runDir, { status: 'running' });
    const before = await readFile(runPaths.events(runDir), 'utf8');
    const { code, output } = await runTrainer(runDir, true);
    expect(code, output).toBe(TRAINER_EXIT.finished);
    expect((await readRecord(runDir)).status).toBe('finished');
    const added = (await readFile(runPaths.events(runDir), 'utf8')).slice(before.length).split('\n');
    const types = added.flatMap((line) => /"type":"(\w+)"/.exec(line)?.[1] ?? []).filter((type) => type !== 'system');
    expect(types).toEqual(['resumed', 'finished']);
  });

  it('says once what there is to say about it', async () => {
    // A bare encoder has no head: that it is drawn at random is a warning.
    const runDir = await trained(experiment().replace(/name: "[^"]*"/, `name: ${JSON.stringify(headless)}`));
    await undoEnd(runDir);
    const nBefore = await count(runDir, 'warning');
    expect(nBefore).toBeGreaterThan(0);
    await runTrainer(runDir, true);
    expect(await count(runDir, 'warning')).toBe(nBefore);
  });
});

describe('a best checkpoint that is damaged', () => {
  let runDir: string;
  let best: number;
  let last: number;
  beforeAll(async () => {
    // A high learning rate: the best result is an early one.
    runDir = await trained(
      tinyExperiment(model, data, {
        learning_rate: '2.0e-2',
        num_epochs: 20,
        eval_steps: 3,
        metric_for_best_model: 'esci_ndcg',
      }),
    );
    best = (await readRecord(runDir)).best!.step;
    last = checkpointSteps(runDir).at(-1)!;
    expect(best).toBeLessThan(last);
    await undoEnd(runDir);
    truncateSync(join(runPaths.checkpoint(runDir, best), 'model.safetensors'), 1000);
  });

  it('is a problem that names what is still there', async () => {
    const { code } = await runTrainer(runDir, true);
    expect(code).toBe(TRAINER_EXIT.problem);
    const { status, problem } = await readRecord(runDir);
    expect(status).toBe('failed');
    expect(problem).toMatchObject({ code: 'checkpoint-lost', where: runPaths.checkpoint(runDir, best) });
    expect(problem?.message).toContain(`Still whole: step ${last} (the last weights)`);
    expect(problem?.next).toContain(`--final-step ${last}`);
  });

  it('lets a person go on from another one', async () => {
    const result = await startTrainer({ kind: 'train', runDir, resume: true, finalStep: last }).done;
    expect(result.code, result.output).toBe(TRAINER_EXIT.finished);
    const kept = join(runPaths.checkpoint(runDir, last), 'model.safetensors');
    expect(hashOf(join(runPaths.model(runDir), 'model.safetensors'))).toBe(hashOf(kept));
    const warnings = (await eventsOf(runDir)).filter((event) => event.type === 'warning');
    expect(warnings.at(-1)?.problem).toMatchObject({ code: 'checkpoint-chosen' });
    expect(warnings.at(-1)?.problem.message).toContain(`step ${last}`);
  });
});

describe('checkpoints that are all damaged', () => {
  it.each([
    ['a state of the wrong shape', 'state.json', '{"version":1,"step":"4"}'],
    ['a state that is null', 'state.json', 'null'],
    ['parameters cut short', 'model.safetensors', 'x'],
  ])('%s: training does not begin anew unasked', async (_what, name, content) => {
    const runDir = await trained();
    await undoEnd(runDir);
    for (const step of checkpointSteps(runDir)) writeFileSync(join(runPaths.checkpoint(runDir, step), name), content);
    const nSteps = await count(runDir, 'step');
    const { code } = await runTrainer(runDir, true);
    expect(code).toBe(TRAINER_EXIT.problem);
    expect((await readRecord(runDir)).problem).toMatchObject({ code: 'checkpoints-damaged' });
    expect(await count(runDir, 'step')).toBe(nSteps);
  });
});

describe('what a killed trainer leaves', () => {
  it('is cleared away by the next one', async () => {
    const runDir = await newRun(runs, experiment());
    const trainer = startTrainer({ kind: 'train', runDir, resume: false });
    await untilEvent(runDir, (text) => text.includes('"type":"checkpoint"'));
    trainer.kill('SIGKILL');
    await trainer.done;
    const left = [
      join(runPaths.checkpoints(runDir), 'step-000999.tmp', 'model.safetensors'),
      join(`${runPaths.model(runDir)}.tmp`, 'x'),
    ];
    for (const path of left) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, '');
    }
    writeFileSync(join(runDir, '.run.json.abcd.tmp'), '');
    const { code, output } = await runTrainer(runDir, true);
    expect(code, output).toBe(TRAINER_EXIT.finished);
    const names = readdirSync(runDir, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /\.tmp|\.reserve|trainer\.lock/.test(name))).toEqual([]);
  });
});

describe('a run folder that is taken away in mid-run', () => {
  it('ends the trainer, and does not come back', async () => {
    const text = tinyExperiment(model, data, { num_epochs: 200, eval_steps: 50 });
    const runDir = await newRun(runs, text);
    const trainer = startTrainer({ kind: 'train', runDir, resume: false });
    await untilEvent(runDir, (events) => events.includes('"type":"step"'));
    rmSync(runDir, { recursive: true });
    const { code, output } = await trainer.done;
    expect(code, output).toBe(TRAINER_EXIT.problem);
    expect(output).toContain('moved or deleted');
    expect(existsSync(runDir)).toBe(false);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a log on a disk that is full', () => {
  it('keeps nobody from hearing why the run failed', async () => {
    const runDir = await newRun(runs, tinyExperiment(model, join(folder, 'no-data')));
    const log = openSync('/dev/full', 'w');
    const { code } = await startTrainer({ kind: 'train', runDir, resume: false }, { log }).done;
    closeSync(log);
    expect(code).toBe(TRAINER_EXIT.problem);
    const { status, problem } = await readRecord(runDir);
    expect(status).toBe('failed');
    expect(problem?.where).toContain('no-data');
    expect(readdirSync(runDir).filter((name) => /reserve|lock/.test(name))).toEqual([]);
  });
});

describe('two trainers of a run', () => {
  it('that begin at the same moment: one trains, the other touches nothing', async () => {
    const runDir = await newRun(runs, experiment());
    const results = await Promise.all([1, 2, 3].map(() => startTrainer({ kind: 'train', runDir, resume: true }).done));
    const codes = results.map(({ code }) => code).sort();
    expect(codes).toEqual([TRAINER_EXIT.finished, TRAINER_EXIT.refused, TRAINER_EXIT.refused]);
    expect(await count(runDir, 'started')).toBe(1);
    expect((await readRecord(runDir)).status).toBe('finished');
  });

  it('on two machines: the heartbeat of the other one is respected', async () => {
    const runDir = await newRun(runs, experiment());
    await updateRecord(runDir, { status: 'running', process: { pid: 1, startTime: '1', host: 'elsewhere' } });
    writeFileSync(runPaths.heartbeat(runDir), '');
    const { code, output } = await runTrainer(runDir, true);
    expect(code).toBe(TRAINER_EXIT.refused);
    expect(output).toContain('on elsewhere');
  });
});

describe('dev queries on which the selecting metric has no value', () => {
  it('are refused before training', async () => {
    const exact = writeTinyData(join(folder, 'only-exact'));
    const path = join(exact, 'dev.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"esci_label":"."/g, '"esci_label":"E"'));
    const text = tinyExperiment(model, exact, { metric_for_best_model: 'ndcg@10' });
    const runDir = await newRun(runs, text);
    const { code } = await runTrainer(runDir);
    expect(code).toBe(TRAINER_EXIT.problem);
    expect((await readRecord(runDir)).problem).toMatchObject({
      code: 'metric-without-queries',
      where: 'hyperparameters.metric_for_best_model',
    });
    expect(await count(runDir, 'step')).toBe(0);
  });
});
