/** The bundled `esci-lab` as a person runs it: a process, with the real trainer behind it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findTrainer } from '../../src/process/find-trainer.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { listRuns } from '../../src/runs/list-runs.ts';
import { tempFolder } from '../unit/runs/temp-folder.ts';
import { temporaryFolder, tinyExperiment, writeTinyData, writeTinyModel } from './tiny-run.ts';

const script = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let model: string;
let data: string;
beforeAll(() => {
  const folder = temporaryFolder();
  model = writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'data'));
});

const children: ChildProcess[] = [];
const runsFolders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of runsFolders.splice(0)) {
    for (const { runDir } of await listRuns(folder)) {
      await (await findTrainer(runDir))?.stop({ askMs: 0, terminateMs: 0 });
    }
  }
});

/** A folder with an experiment `tiny.yml`, the commands' working folder. */
function workplace(hyperparameters: Record<string, number | string> = {}): string {
  const folder = tempFolder();
  runsFolders.push(join(folder, 'runs'));
  writeFileSync(join(folder, 'tiny.yml'), tinyExperiment(model, data, hyperparameters));
  return folder;
}

/** Steps enough that a run never ends by itself during a test. */
const ENDLESS = { num_epochs: 9000, eval_steps: 50 };

function esciLab(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let [out, err] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const done = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out, err })),
  );
  const says = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(out)) resolve();
      };
      waiting.add(look);
      look();
      void done.then(() => reject(new Error(`ended without ${String(pattern)}:\n${out}\n${err}`)));
    });
  return { child, done, says };
}

describe('start', () => {
  it('says what a dry run finds, and starts nothing', async () => {
    const folder = workplace();
    const { code, out, err } = await esciLab(folder, 'start', 'tiny.yml', '--dry-run').done;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\nlabels +E 33\.3 % {2}S 16\.7 % {2}C 16\.7 % {2}I 33\.3 % \(train\)\n/);
    expect(out).toMatch(/\nsteps +27 of 8 pairs \(3 epochs\), evaluation on dev every 4\n/);
    expect(out).toMatch(/\ntime +about [\d.]+s on cpu: training /);
    expect(out).toMatch(/\nE {2}\[CLS\] red /);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('trains, evaluates, prints the table, and leaves a run that can be looked at', async () => {
    const folder = workplace();
    const { code, out, err } = await esciLab(folder, 'start', 'tiny.yml', '--set', 'hyperparameters.seed=3').done;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^run \d{8}-\d{6}-tiny-[0-9a-f]{6}\n/);
    expect(out).toMatch(/\ntraining on 72 pairs, 27 steps; 4 dev queries, 5 test queries; cpu, /);
    expect(out).toMatch(/\nstep 4 {2}epoch 0\.44 {2}dev loss 0\.\d+ {2}ESCI nDCG [01]\.\d{4} {2}best\n/);
    expect(out).toMatch(/\nmetric +random +BM25 +pretrained +fine-tuned +Δ \[95 % interval\] +ideal\nESCI nDCG /);
    const [run] = await listRuns(join(folder, 'runs'));
    expect(run).toMatchObject({ status: 'finished', record: { name: 'tiny', seed: 3 } });
    const model = runPaths.model(run!.runDir);
    expect(out).toContain(`folder ${run!.runDir}\nmodel  ${model}\n`);
    expect(existsSync(join(model, 'onnx/model.onnx'))).toBe(true);

    const shown = await esciLab(folder, 'show', 'latest').done;
    expect(shown.out).toContain(`tiny  finished\nrun    ${run!.id}\n`);
    expect(shown.out).toContain('  hyperparameters.seed: 3\n');
    expect(shown.out.slice(shown.out.indexOf('Test set'))).toBe(
      out.slice(out.indexOf('Test set'), out.indexOf('\n\nfinished') + 1),
    );
    const queries = await esciLab(folder, 'show', 'latest', '--queries', '--sort', 'order', '--json').done;
    const { parts } = JSON.parse(queries.out) as { parts: [{ rows: { id: string }[] }] };
    expect(parts[0].rows).toHaveLength(5);
    const query = await esciLab(folder, 'show', 'latest', '--query', parts[0].rows[0]!.id).done;
    expect(query.out.split('\n').filter((line) => /^\d {2}[ESCI] {2}/.test(line))).toHaveLength(6);
    const listed = await esciLab(folder, 'runs').done;
    expect(listed.out).toMatch(/\nfinished +tiny +done in .* [+−]?0\.\d{4} /);
  });

  it('with broken data fails with one clear message, no stack, and exit code 2', async () => {
    const folder = workplace();
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, '{"query": "a", "product_id": "p", "esci_label": "E"');
    const { code, out, err } = await esciLab(folder, 'start', 'tiny.yml', '--set', `data.uri=${broken}`).done;
    expect(code).toBe(2);
    expect(err).toMatch(/^failed: .*broken\.jsonl/);
    expect(`${out}${err}`).not.toMatch(/\n +at /);
    expect(await listRuns(join(folder, 'runs'))).toMatchObject([{ status: 'failed' }]);
  });
});

describe('Ctrl-C', () => {
  it('writes a checkpoint and stops; the run is resumed in the background, watched and stopped', async () => {
    const folder = workplace(ENDLESS);
    const start = esciLab(folder, 'start', 'tiny.yml');
    await start.says(/\nstep 50 /);
    start.child.kill('SIGINT');
    const stopped = await start.done;
    expect(stopped.code).toBe(3);
    const step = Number(/\nstopped after step (\d+) of \d+\n/.exec(stopped.out)?.[1]);
    const [run] = await listRuns(join(folder, 'runs'));
    expect(existsSync(join(runPaths.checkpoint(run!.runDir, step), 'state.json'))).toBe(true);

    expect((await esciLab(folder, 'resume', 'latest', '--detach').done).code).toBe(0);
    const follow = esciLab(folder, 'show', 'latest', '--follow', '--json');
    await follow.says(new RegExp(`"type":"resumed","fromStep":${step},[^]*"step":${step + 1},`));
    expect((await esciLab(folder, 'stop', 'latest').done).code).toBe(0);
    const { code, out } = await follow.done;
    expect(code).toBe(3);
    expect(JSON.parse(out.trimEnd().split('\n').at(-1)!)).toMatchObject({ type: 'result', status: 'stopped' });
  });
});

describe('the trainer', () => {
  it('outlives a command line that is killed', async () => {
    const folder = workplace(ENDLESS);
    const start = esciLab(folder, 'start', 'tiny.yml');
    await start.says(/\nstep 50 /);
    start.child.kill('SIGKILL');
    await start.done;
    const follow = esciLab(folder, 'show', 'latest', '--follow');
    await follow.says(/\nstep 100 /);
    expect((await esciLab(folder, 'stop', 'latest').done).out).toMatch(/^asked .*\nstopped /);
    expect((await follow.done).code).toBe(3);
  });
});

describe('evaluate', () => {
  it('needs no experiment: a model and data are enough', async () => {
    const folder = workplace();
    const args = ['evaluate', '--model', model, '--data', data, '--type', 'bi-encoder', '--name', 'as it is'];
    const { code, out, err: told } = await esciLab(folder, ...args, '--set', 'hyperparameters.max_length=32').done;
    expect([code, told]).toEqual([0, '']);
    expect(out).toContain('evaluating on 5 test queries');
    expect(out).toMatch(/\nmetric +random +BM25 +pretrained +ideal\nESCI nDCG /);
    const [run] = await listRuns(join(folder, 'runs'));
    expect(run).toMatchObject({ status: 'finished', record: { job: 'evaluate', name: 'as it is' } });
    const text = readFileSync(runPaths.experiment(run!.runDir), 'utf8');
    expect(text).toContain(`uri: ${JSON.stringify(data)}`);
    const { err } = await esciLab(folder, 'evaluate', '--model', model).done;
    expect(err).toMatch(/^error: Found no experiment, expected one, or --model and --data\.\n/);
  });
});

describe('the program', () => {
  it('ends without a word when its reader goes away', async () => {
    const { child, done } = esciLab(tempFolder(), 'start', '--help');
    child.stdout.destroy();
    expect(await done).toEqual({ code: 0, out: '', err: '' });
  });

  it.skipIf(process.platform === 'win32')('can be started by its name', async () => {
    const child = spawn(script, ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
