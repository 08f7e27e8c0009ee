/** start, resume, stop, show --follow and Ctrl-C with a real process that is no model. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findTrainer } from '../../../src/process/find-trainer.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { tempFolder } from '../runs/temp-folder.ts';
import { cli, LOADER, startCli } from './cli-run.ts';
import type { CliOptions, CliRun } from './cli-run.ts';

let folder: string;
let runs: string;
let config: string;

beforeEach(() => {
  folder = tempFolder();
  runs = join(folder, 'runs');
  config = join(folder, 'tiny.yml');
  writeFileSync(config, 'model:\n  name: some/model # the model\ndata:\n  uri: some/data\n');
  vi.stubEnv('NODE_OPTIONS', LOADER);
});

afterEach(async () => {
  for (const id of runIds()) await (await findTrainer(join(runs, id)))?.stop({ askMs: 0, terminateMs: 0 });
  vi.unstubAllEnvs();
});

/** As the folder has them: sorted by id. */
function runIds(): string[] {
  try {
    return readdirSync(runs).sort();
  } catch {
    return [];
  }
}

function begin(mode: string, words: readonly string[] = ['start', config], options?: CliOptions): CliRun {
  vi.stubEnv('TRAINER_MODE', mode);
  return startCli([...words, '--runs', runs, '--keep-awake', 'no'], options);
}

/** Resolves once the trainer has taken a step. */
async function hasStepped(run: CliRun): Promise<string> {
  await run.says('step ');
  return runIds()[0]!;
}

describe('start', () => {
  it('keeps the experiment with its overrides, shows the run, and says where it is', async () => {
    const args = ['start', config, '--set', 'hyperparameters.seed=7', '--name', 'My Run'];
    const run = begin('three steps', args);
    expect(await run.code).toBe(0);
    const [id] = runIds();
    expect(id).toMatch(/^\d{8}-\d{6}-my-run-[0-9a-f]{6}$/);
    const text = readFileSync(runPaths.experiment(join(runs, id!)), 'utf8');
    expect(text).toContain('name: some/model # the model\n');
    expect(text).toContain('seed: 7');
    expect(await readRecord(join(runs, id!))).toMatchObject({ name: 'My Run', experimentFile: config, job: 'train' });
    expect(run.out()).toContain(`run ${id}\n`);
    expect(run.out()).toContain('training on 1 pair, 1,000 steps');
    expect(run.out()).toContain(`finished`);
    expect(run.out()).toContain(`folder ${join(runs, id!)}\n`);
    expect(run.out()).toContain(`esci-lab show ${id} --runs ${runs}\n`);
    expect(run.err()).toBe('');
    // Three steps within milliseconds are one status line on a pipe.
    expect(run.out().match(/^training +\d+ %/gm)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  it('draws one line again and again on a screen', async () => {
    const run = begin('endless', ['start', config], { isScreen: true, width: 60 });
    await run.says(/(?:step +\d+\/1000[^]*){3}/);
    run.interrupt();
    expect(await run.code).toBe(3);
    // Lines that stay begin anew; what is drawn again stands behind an escape.
    const drawn = run
      .out()
      .split('\r\u001b[2K')
      .filter((line) => /^training +\d+ %/.test(line));
    expect(drawn.length).toBeGreaterThan(2);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(60);
  });

  it('with --json gives an event a line and a final object', async () => {
    const run = begin('three steps', ['start', config, '--json']);
    expect(await run.code).toBe(0);
    const lines = run
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ type }) => type !== 'system').map(({ type }) => type)).toEqual([
      'started',
      'step',
      'step',
      'step',
      'finished',
      'result',
    ]);
    const id = runIds()[0]!;
    expect(lines.at(-1)).toMatchObject({ id, runDir: join(runs, id), status: 'finished', exitCode: 0, step: 3 });
  });

  it('says all that is wrong with the experiment and creates nothing', async () => {
    writeFileSync(
      config,
      'model:\n  nam: x\ndata:\n  uri: y\nhyperparameters:\n  learnin_rate: 1\n  num_epochs: none\n',
    );
    const run = begin('three steps', ['start', config, '--set', 'divice=cpu']);
    expect(await run.code).toBe(2);
    expect(run.err()).toContain(`${config}:2:3: error: model.nam: `);
    expect(run.err()).toContain('did you mean learning_rate?');
    expect(run.err()).toContain(`${config}:7:15: error: hyperparameters.num_epochs: `);
    expect(run.err()).toMatch(/--set divice=cpu: error: .*did you mean device\?/);
    expect(run.err()).toMatch(/\n[4-9] errors\n$/);
    expect(runIds()).toEqual([]);
  });

  it('with --detach returns while the trainer goes on; show --follow watches it and only leaves', async () => {
    expect(await begin('endless', ['start', config, '--detach']).code).toBe(0);
    const follow = startCli(['show', 'latest', '--follow', '--runs', runs]);
    await follow.says('training ');
    follow.interrupt();
    expect(await follow.code).toBe(3);
    expect(follow.out()).toContain('left; the run goes on');
    expect(await findTrainer(join(runs, runIds()[0]!))).toBeDefined();
    expect((await cli(['resume', 'latest', '--runs', runs])).err).toContain('This run is running.');
    const stopped = await cli(['stop', 'latest', '--runs', runs]);
    expect(stopped).toMatchObject({ code: 0, err: '' });
    expect(stopped.out).toContain('asked the trainer to write a checkpoint and end\nstopped ');
    expect(await cli(['stop', 'latest', '--runs', runs])).toMatchObject({
      code: 2,
      err: expect.stringContaining('not running; it is stopped') as string,
    });
  });
});

describe('Ctrl-C', () => {
  it('first asks, and the run can be resumed', async () => {
    const run = begin('endless');
    const id = await hasStepped(run);
    run.interrupt();
    expect(await run.code).toBe(3);
    expect(run.out()).toContain('Stopping: the trainer writes a checkpoint and ends.');
    expect(run.out()).toMatch(/\nstopped after step \d+ of 1000\n/);
    expect(run.out()).toContain(`esci-lab resume ${id} --runs ${runs}\n`);

    const again = begin('three steps', ['resume', id.slice(0, -2)]);
    expect(await again.code).toBe(0);
    expect(again.out()).toContain('resumed from the beginning');
    // The end of the first trainer was not taken for the second one's.
    expect(again.out()).toContain('finished');
    expect((await cli(['resume', id, '--runs', runs])).err).toContain('This run has finished');
  });

  it('the second time ends a trainer that does not listen', async () => {
    const run = begin('ignores stop');
    await hasStepped(run);
    run.interrupt();
    run.interrupt();
    expect(await run.code).toBe(3);
    expect(run.out()).toContain('ended without a checkpoint after step ');
    const listed = await cli(['runs', '--runs', runs]);
    expect(listed.out).toMatch(/^crashed +tiny +0 % step \d+\/1000 /m);
  });

  it('the third time leaves', async () => {
    const run = begin('ignores all');
    const id = await hasStepped(run);
    run.interrupt();
    run.interrupt();
    run.interrupt();
    expect(await run.code).toBe(3);
    expect(run.out()).toContain(`left; the run goes on\nnext   esci-lab show ${id} --follow`);
  });
});

describe('a trainer that dies', () => {
  it('is told as crashed, with its log, and can be resumed', async () => {
    const run = begin('with child');
    const id = await hasStepped(run);
    const trainer = await findTrainer(join(runs, id));
    process.kill(-trainer!.pid, 'SIGKILL');
    expect(await run.code).toBe(4);
    expect(run.err()).toMatch(
      /crashed: the trainer’s process died after step \d+\.\nThe end of its log .*\n {2}child \d+\n/,
    );
    expect(run.out()).toContain(`esci-lab resume ${id}`);
    const shown = await cli(['show', id, '--runs', runs]);
    expect(shown.out).toMatch(/^tiny {2}crashed\n/);
    expect(shown.out).toMatch(/crashed: the trainer’s process died\nend of .*trainer\.log\n {2}child \d+\n$/);
    expect(await begin('three steps', ['resume', 'latest']).code).toBe(0);
  });

  it('before it began shows why', async () => {
    const run = begin('stillborn');
    expect(await run.code).toBe(4);
    expect(run.err()).toContain('died before the first step');
    expect(run.err()).toContain('  no native module for this machine\n');
  });

  it('before it began fails to start detached, too', async () => {
    const run = begin('stillborn', ['start', config, '--detach']);
    expect(await run.code).toBe(4);
    expect(run.err()).toContain('  no native module for this machine\n');
  });

  it('because it is not there is an expected failure', async () => {
    const trainerScript = join(folder, 'nothing.js');
    const run = begin('three steps', ['start', config], { trainerScript });
    expect(await run.code).toBe(2);
    expect(run.err()).toContain(`${trainerScript}: The trainer is not there.`);
  });
});
