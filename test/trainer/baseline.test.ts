/** Runs whose differences refer to another run: real trainers, one after the other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { probeExperiment } from '../../src/process/probe-experiment.ts';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { listRuns } from '../../src/runs/list-runs.ts';
import { openRankings } from '../../src/rankings/rankings.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { readRecord } from '../../src/runs/record.ts';
import { requestStop } from '../../src/runs/stop-request.ts';
import { moveToTrash } from '../../src/runs/trash.ts';
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

const folder = temporaryFolder();
const runs = join(folder, 'runs');
let model: string;
let data: string;
/** A finished run, and its id. */
let first: string;
let id: string;

const experiment = (baseline: string, options: Parameters<typeof tinyExperiment>[2] = {}): string =>
  `${tinyExperiment(model, data, { seed: 2, ...options })}evaluation: { baseline: ${JSON.stringify(baseline)} }\n`;

const limited = (text: string, n: number): string => text.replace(/(uri: "[^"]*")/, `$1, max_queries: ${n}`);

async function finished(text: string): Promise<string> {
  const runDir = await newRun(runs, text);
  const { code, output } = await runTrainer(runDir);
  expect(code, output).toBe(TRAINER_EXIT.finished);
  return runDir;
}

async function evaluated(text: string): Promise<string> {
  const runDir = await newRun(runs, text);
  const { code, output } = await startTrainer({ kind: 'evaluate', runDir }).done;
  expect(code, output).toBe(TRAINER_EXIT.finished);
  return runDir;
}

async function indexOf(runDir: string) {
  const rankings = (await openRankings(runDir, 'test'))!;
  await rankings.close();
  return rankings.index;
}

beforeAll(async () => {
  model = writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'data'));
  first = await finished(tinyExperiment(model, data));
  id = basename(first);
});

describe('a run with a baseline', () => {
  it('shows the numbers of that run as they were, and compares with them', async () => {
    const runDir = await finished(experiment(id, { learning_rate: '2.0e-2' }));
    const [record, theirs] = [await readRecord(runDir), await readRecord(first)];
    expect(record.baseline).toBe(id);
    expect(Object.keys(record.test!)).toEqual(['random', 'bm25', 'pretrained', 'baseline', 'fine-tuned', 'ideal']);
    expect(record.test!['baseline']).toEqual(theirs.test!['fine-tuned']);
    expect(record.test!['fine-tuned']).not.toEqual(theirs.test!['fine-tuned']);
    const index = await indexOf(runDir);
    expect(index.metrics['baseline']).toEqual((await indexOf(first)).metrics['fine-tuned']);
    const { events } = await readEvents(runDir);
    for (const comparison of events.filter((event) => event.type === 'comparison')) {
      const { metric, meanDelta } = comparison;
      const mean = record.test!['fine-tuned']![metric]! - theirs.test!['fine-tuned']![metric]!;
      expect(meanDelta, metric).toBeCloseTo(mean, 12);
    }
    expect(readFileSync(join(runPaths.model(runDir), 'README.md'), 'utf8')).toContain(`is the model of run \`${id}\``);
    expect(readFileSync(runPaths.testScoresCsv(runDir), 'utf8').split('\n', 1)[0]).toContain(
      'score_pretrained,score_baseline,score_fine_tuned',
    );
  });

  it('takes any kind of model, and an evaluation, and is one itself', async () => {
    const bi = await evaluated(tinyExperiment(model, data, {}, 'bi-encoder'));
    const cross = await evaluated(experiment(basename(bi)));
    const [ofBi, ofCross] = [await readRecord(bi), await readRecord(cross)];
    expect(ofCross.test!['baseline']).toEqual(ofBi.test!['pretrained']);
    const { events } = await readEvents(cross);
    const comparison = events.find((event) => event.type === 'comparison')!;
    const { metric, meanDelta } = comparison;
    expect(meanDelta).toBeCloseTo(ofCross.test!['pretrained']![metric]! - ofBi.test!['pretrained']![metric]!, 12);
    const after = await readRecord(await evaluated(experiment(basename(cross))));
    expect(after.test!['baseline']).toEqual(ofCross.test!['pretrained']);
  });

  it('may be tested on fewer queries than its baseline', async () => {
    const runDir = await evaluated(limited(experiment(id), 3));
    const [index, theirs] = [await indexOf(runDir), await indexOf(first)];
    expect(index.ids).toHaveLength(3);
    const column = theirs.metrics['fine-tuned']!['esci_ndcg']!;
    const expected = index.ids.map((query) => column[theirs.ids.indexOf(query)]);
    expect(index.metrics['baseline']!['esci_ndcg']).toEqual(expected);
  });

  it('keeps what it is compared with when it is stopped and resumed, even if the baseline is deleted', async () => {
    const other = await evaluated(tinyExperiment(model, data));
    const theirs = (await readRecord(other)).test!['pretrained'];
    const text = experiment(basename(other), { num_epochs: 14, eval_steps: 5 });
    const runDir = await newRun(runs, text);
    const trainer = startTrainer({ kind: 'train', runDir, resume: false });
    await untilEvent(runDir, (log) => log.includes('"type":"step"'));
    await requestStop(runDir);
    expect((await trainer.done).code).toBe(TRAINER_EXIT.stopped);
    await moveToTrash(runs, basename(other));
    const { code, output } = await runTrainer(runDir, true);
    expect(code, output).toBe(TRAINER_EXIT.finished);
    expect((await readRecord(runDir)).test!['baseline']).toEqual(theirs);
  });
});

describe('a baseline that cannot be compared with', () => {
  const problemOf = async (text: string, prepare: (runDir: string) => void = () => undefined) => {
    const runDir = await newRun(runs, text);
    prepare(runDir);
    const { code, output } = await runTrainer(runDir);
    expect(code, output).toBe(TRAINER_EXIT.problem);
    // Nothing was trained for nothing.
    expect(readFileSync(runPaths.events(runDir), 'utf8')).not.toMatch(/"type":"(started|step)"/);
    const { problem } = await readRecord(runDir);
    expect(problem).toMatchObject({ where: 'evaluation.baseline', next: expect.stringMatching(/\.$/) as string });
    return problem!.message;
  };

  it('is refused before anything is trained when there is no such run', async () => {
    const typo = id.replace('-tiny-', '-tinny-');
    const nOthers = (await listRuns(runs)).length;
    expect(await problemOf(experiment(typo))).toBe(
      `Found no run "${typo}" among the ${nOthers} of this folder; expected the id, its beginning, or the name of one that was evaluated on the test set. Did you mean ${id}?`,
    );
  });

  it('is refused when it may be several runs, or is the run itself', async () => {
    expect(await problemOf(experiment('tiny'))).toMatch(
      /^Found \d+ runs that "tiny" may mean: .*; expected the id of one/,
    );
    const itself = await problemOf(experiment('x'), (runDir) =>
      writeFileSync(runPaths.experiment(runDir), experiment(basename(runDir))),
    );
    expect(itself).toMatch(/^Found ".*", which is this run itself; expected another run/);
  });

  it('is refused when it was not tested', async () => {
    const waiting = basename(await newRun(runs, experiment('x')));
    expect(await problemOf(experiment(waiting))).toBe(
      `Found run ${waiting}, which is queued and has no test results; expected a run whose model was evaluated on the test set.`,
    );
  });

  it('is refused when it was tested on other queries', async () => {
    const few = basename(await evaluated(limited(tinyExperiment(model, data), 3)));
    expect(await problemOf(experiment(few))).toMatch(
      new RegExp(`^Run ${few} was tested on 3 queries; 2 of the 5 test queries .* such as test\\d \\("red `),
    );
  });

  it('is refused when it has judged other products, and by a dry run too', async () => {
    const other = writeTinyData(join(folder, 'other'));
    const path = join(other, 'test.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"test3p4"', '"another"'));
    const text = experiment(id).replace(data, other);
    const message = `Run ${id}, test query test3 (`;
    const found = await problemOf(text);
    expect(found.startsWith(message), found).toBe(true);
    expect(found).toMatch(/found 6 products, expected the 6 that this experiment judges, among them another\.$/);
    const job = { kind: 'probe', text, experimentFile: join(folder, 'tiny.yml'), runsFolder: runs } as const;
    const node = { command: process.execPath, env: {}, source: 'own' } as const;
    const script = fileURLToPath(new URL('../../dist/trainer.js', import.meta.url));
    await expect(probeExperiment({ node, script, job })).rejects.toMatchObject({
      problem: { where: 'evaluation.baseline', message: found },
    });
  });
});
