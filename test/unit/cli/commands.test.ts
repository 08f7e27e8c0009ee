/** Commands that start no trainer: validate, runs, show; and what every command line has. */
import { strFromU8, unzipSync } from 'fflate';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { RunRecord } from '../../../src/protocol/run-record.ts';
import type { SkippedLines } from '../../../src/protocol/skipped-lines.ts';
import { annotate } from '../../../src/runs/annotation.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { openRankingsWriter } from '../../../src/rankings/rankings-writer.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { evaluation, ONE_OF_EACH, started, step } from '../runs/events.ts';
import { tempFolder } from '../runs/temp-folder.ts';
import { cli } from './cli-run.ts';

const EXPERIMENT = 'model:\n  name: some/model\ndata:\n  uri: some/data\nhyperparameters:\n  learning_rate: 0.00005\n';

let second = 0;

async function newRun(
  runs: string,
  name: string,
  changes: Partial<RunRecord> = {},
  events: readonly RunEvent[] = [],
): Promise<{ id: string; runDir: string }> {
  const now = new Date(2026, 0, 2, 3, 4, second++);
  const run = { name, job: 'train', experimentFile: '/x/experiment.yml' } as const;
  const { runDir, record } = await createRun(runs, EXPERIMENT, run, now);
  await updateRecord(runDir, changes);
  const log = openEventLog(runDir);
  log.append(...events);
  log.close();
  return { id: record.id, runDir };
}

const DATA = {
  fingerprint: 'f00dfeed0123456789',
  source: 'some/data',
  isSynthetic: true,
  nQueries: { train: 1000, dev: 100, test: 2 },
  nJudgements: { train: 20_000, dev: 2000, test: 7 },
};

const finished = (before: number, after: number): Partial<RunRecord> => ({
  status: 'finished',
  startedAt: 0,
  endedAt: 130_000,
  headline: 'esci_ndcg',
  data: DATA,
  test: { pretrained: { esci_ndcg: before }, 'fine-tuned': { esci_ndcg: after } },
});

describe('a command line', () => {
  it('documents its exit codes', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const value of Object.values(EXIT)) expect(out).toMatch(new RegExp(`^ +${value}  \\w`, 'm'));
    expect(await cli(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });

  it('used wrongly exits with 64 and a hint', async () => {
    expect(await cli(['strat'])).toMatchObject({
      code: 64,
      err: expect.stringContaining('Did you mean start?') as string,
    });
    expect((await cli(['start'])).code).toBe(64);
    expect((await cli(['runs', '--nope'])).code).toBe(64);
    expect((await cli(['show', 'x', '--sort', 'wins'])).code).toBe(64);
    expect((await cli([])).code).toBe(64);
  });

  it('tells an expected failure without a stack, as JSON too; the debug variable adds the stack', async () => {
    const args = ['show', 'x', '--runs', '/no/such/folder'];
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toBe(
      'error: /no/such/folder: There is no such folder of runs.\nStart one, or give its folder with --runs.\n',
    );
    const json = await cli([...args, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ type: 'problem', problem: { code: 'no-run' } });
    expect((await cli(args, { isDebug: true })).err).toMatch(/\n {4}at /);
  });
});

describe('validate', () => {
  it('lists every problem of every file, and is content with good ones', async () => {
    const folder = tempFolder();
    const [good, bad, torn] = ['good.yml', 'bad.yml', 'torn.yml'].map((name) => join(folder, name));
    writeFileSync(good!, EXPERIMENT);
    writeFileSync(bad!, 'model: {name: a}\ndata: {uri: b}\ndevice: cpuu\n');
    writeFileSync(torn!, 'model: {name: a\n');
    expect(await cli(['validate', good!])).toEqual({ code: 0, out: `${good}: valid\n`, err: '' });
    const { code, out, err } = await cli(['validate', good!, bad!, torn!, '--set', 'hyperparameters.seed=1']);
    expect(code).toBe(2);
    expect(out).toBe(`${good}: valid\n`);
    expect(err).toMatch(/bad\.yml:3:9: error: device: .*did you mean cpu\?\n/);
    expect(err).toMatch(/torn\.yml:\d+:\d+: error: /);
    const json = JSON.parse((await cli(['validate', bad!, '--json'])).out) as Record<string, unknown>;
    expect(json).toMatchObject({ isValid: false, files: [{ file: bad, problems: [{ line: 3, column: 9 }] }] });
    expect((await cli(['validate', folder])).err).toContain('Found a folder');
  });
});

describe('validate', () => {
  it('warns of a baseline that is no tested run of the folder', async () => {
    const folder = tempFolder();
    const runs = join(folder, 'runs');
    const { id } = await newRun(runs, 'first', finished(0.84, 0.85));
    const path = join(folder, 'x.yml');
    const text = (baseline: string) => `${EXPERIMENT}evaluation: { baseline: ${baseline} }\n`;
    writeFileSync(path, text(id.replace('first', 'fist')));
    const { code, err } = await cli(['validate', path, '--runs', runs]);
    expect(code).toBe(0);
    expect(err).toMatch(/x\.yml:7:\d+: warning: evaluation\.baseline: found no run "/);
    expect(err).toContain(`did you mean ${id}?`);
    writeFileSync(path, text(id));
    expect((await cli(['validate', path, '--runs', runs])).err).toBe('');
  });
});

describe.each(['start', 'evaluate'])('%s', (command) => {
  it('creates no run whose baseline is none, and says what to do', async () => {
    const folder = tempFolder();
    const runs = join(folder, 'runs');
    const path = join(folder, 'x.yml');
    writeFileSync(path, `${EXPERIMENT}evaluation: { baseline: frist }\n`);
    const refused = await cli([command, path, '--runs', runs]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('evaluation.baseline: Found no run "frist"');
    expect(refused.err).toContain('Name a finished run in evaluation.baseline, or leave it out');
    expect(existsSync(runs)).toBe(false);

    await newRun(runs, 'first', finished(0.84, 0.85));
    const { code, err } = await cli([command, path, '--runs', runs]);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean first?');
    expect(readdirSync(runs)).toHaveLength(1);
  });
});

describe('runs', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'shows every run beside one whose headline is %s',
    async (headline) => {
      const runs = join(tempFolder(), 'runs');
      await newRun(runs, 'good', finished(0.8, 0.9));
      const { id } = await newRun(runs, 'bad', { ...finished(0.8, 0.9), headline });
      const { code, out } = await cli(['runs', '--runs', runs]);
      expect(code).toBe(0);
      expect(out).toMatch(/good .*0\.9000/);
      expect(out).toMatch(/bad .*–/);
      expect((await cli(['show', id, '--runs', runs])).code).toBe(0);
    },
  );

  it('lists the others beside runs whose files are hostile', async () => {
    const runs = join(tempFolder(), 'runs');
    await newRun(runs, 'good', finished(0.8, 0.9));
    const hostile: [file: string, text: string][] = [
      ['run.json', '{"version":1'],
      ['run.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['run.json', JSON.stringify({ version: 1, id: 'x', name: 'x', createdAt: 1e300 })],
      ['events.jsonl', '{"type":"started","version":99}\n'],
      ['events.jsonl', `${'{"type":'.repeat(20_000)}\n`],
      ['annotation.json', '{"tags":{"length":1e9}}'],
    ];
    for (const [file, text] of hostile) {
      const { runDir } = await newRun(runs, 'odd', { status: 'stopped' });
      writeFileSync(join(runDir, file), text);
    }
    for (const more of [[], ['--json']]) {
      const { code, out } = await cli(['runs', '--runs', runs, ...more]);
      expect(code).toBe(0);
      expect(out).toContain('good');
      expect(out.match(/unreadable|broken-file|newer-version|log unreadable/g)?.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('show says once how many lines of the log were skipped and why', async () => {
    const runs = join(tempFolder(), 'runs');
    const { id, runDir } = await newRun(runs, 'torn', { status: 'stopped' }, [started(), step(1)]);
    appendFileSync(join(runDir, 'events.jsonl'), 'x\ny\n{"type":"new"}\n{"type":"st');
    const { out } = await cli(['show', id, '--runs', runs]);
    const sentence =
      'Skipped 4 lines of events.jsonl: 2 not a JSON object, 1 not an event that this version knows, 1 cut off at the end of the file.';
    expect(out.split(sentence)).toHaveLength(2);
    const { skipped } = JSON.parse((await cli(['show', id, '--runs', runs, '--json'])).out) as {
      skipped: SkippedLines;
    };
    expect(skipped.first.map(({ length }) => length)).toEqual([1, 1, 14, 11]);
  });

  it('lists newest first with progress, headline and its change; broken ones too', async () => {
    const runs = tempFolder();
    await newRun(runs, 'first', finished(0.84, 0.85));
    const dead = { pid: 2 ** 22 + 1, startTime: 'long ago', host: (await import('node:os')).hostname() };
    const crashed = { status: 'running', process: dead } as const;
    await newRun(runs, 'second', crashed, [started(), step(25)]);
    const { runDir } = await newRun(runs, 'third');
    writeFileSync(join(runDir, 'run.json'), '{');
    mkdirSync(join(runs, 'something else'));
    const { code, out } = await cli(['runs', '--runs', runs]);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^status +name +progress +ESCI nDCG +Δ pretrained +created +id$/);
    expect(lines[1]).toMatch(/^unreadable +This is not a whole run\.json.* \d+-\d+-third-/);
    expect(lines[2]).toMatch(/^crashed +second +25 % step 25\/100 +– +– +2026-01-02 03:04 /);
    expect(lines[3]).toMatch(/^finished +first \[synthetic\] +done in 2m 10s +0\.8500 +\+0\.0100 +2026/);
    expect(lines).toHaveLength(4);
    const json = JSON.parse((await cli(['runs', '--runs', runs, '--json'])).out) as unknown[];
    expect(json).toMatchObject([
      { isReadable: false },
      { status: 'crashed', progress: { step: 25 } },
      { status: 'finished' },
    ]);
  });

  it('compares with the baseline where it can', async () => {
    const runs = tempFolder();
    const baseline = await newRun(runs, 'base', finished(0.84, 0.85));
    await newRun(runs, 'better', finished(0.84, 0.86));
    await newRun(runs, 'other', { ...finished(0.84, 0.86), data: { ...DATA, fingerprint: 'other' } });
    await annotate(baseline.runDir, { isBaseline: true });
    const lines = (await cli(['runs', '--runs', runs])).out.trimEnd().split('\n');
    expect(lines[0]).toContain('Δ baseline');
    expect(lines[1]).toMatch(/other .* other data /);
    expect(lines[2]).toMatch(/better .* \+0\.0100 /);
    expect(lines[3]).toMatch(/base \[baseline, synthetic\] .* 0\.8500 +– /);
  });

  it('compares each run with what its own experiment names, and says which that is', async () => {
    const runs = tempFolder();
    const first = await newRun(runs, 'first', finished(0.84, 0.85));
    const own = { ...finished(0.84, 0.86).test, baseline: { esci_ndcg: 0.85 } };
    const second = await newRun(runs, 'second', { ...finished(0.84, 0.86), test: own, baseline: first.id });
    const mixed = (await cli(['runs', '--runs', runs])).out.trimEnd().split('\n');
    expect(mixed[0]).toMatch(/ Δ +created /);
    expect(mixed[1]).toMatch(/second .* \+0\.0100 own baseline /);
    expect(mixed[2]).toMatch(/first .* \+0\.0100 pretrained /);
    expect((await cli(['show', second.id, '--runs', runs])).out).toContain(`\nbase   run ${first.id}\n`);
    rmSync(first.runDir, { recursive: true });
    const alone = (await cli(['runs', '--runs', runs])).out.trimEnd().split('\n');
    expect(alone[0]).toContain('Δ own baseline');
    expect(alone[1]).toMatch(/ \+0\.0100 +2026/);
  });

  it('of an empty folder say how to start one', async () => {
    const result = await cli(['runs', '--runs', tempFolder()]);
    expect(result).toMatchObject({ code: 0, out: '', err: expect.stringContaining('start configs/') as string });
  });
});

describe('finding a run', () => {
  it('takes latest, an id, its beginning, its end, a name, a title and a folder', async () => {
    const runs = tempFolder();
    const a = await newRun(runs, 'a');
    const b = await newRun(runs, 'b');
    await annotate(b.runDir, { title: 'the other one' });
    const idOf = async (wanted: string, folder = runs) => {
      const { out } = await cli(['show', wanted, '--runs', folder, '--json']);
      const found = JSON.parse(out) as { readonly id?: string };
      return found.id ?? found;
    };
    expect(await idOf('latest')).toBe(b.id);
    expect(await idOf(a.id)).toBe(a.id);
    expect(await idOf(a.id.slice(0, 17))).toBe(a.id);
    expect(await idOf(a.id.slice(-6))).toBe(a.id);
    expect(await idOf('a')).toBe(a.id);
    expect(await idOf('the other one')).toBe(b.id);
    expect(await idOf(a.runDir, '/no/such/folder')).toBe(a.id);
    expect(await idOf('2026')).toMatchObject({ problem: { code: 'several-runs' } });
    const typo = a.id.replace('-a-', '-aa-');
    expect(await idOf(typo)).toMatchObject({ problem: { code: 'no-run', next: `Did you mean ${a.id}?` } });
  });
});

describe('show', () => {
  it('tells a run whole', async () => {
    const runs = tempFolder();
    const test = { ...ONE_OF_EACH.test, metrics: { esci_ndcg: 0.85 }, excluded: {} };
    const events = [started(), step(1), evaluation(10), ONE_OF_EACH.warning, test];
    const { id, runDir } = await newRun(runs, 'whole', finished(0.84, 0.85), events);
    const { out } = await cli(['show', id, '--runs', runs]);
    expect(out).toContain(`whole  finished\nrun    ${id}\nfolder ${runDir}\nfrom   /x/experiment.yml\n`);
    expect(out).toContain('took   2m 10s\n');
    expect(out).toContain(
      'data   some/data [synthetic]: train 1,000 queries/20,000 judgements, dev 100 queries/2,000 judgements, test 2 queries/7 judgements; fingerprint f00dfeed0123\n',
    );
    expect(out).toContain('  hyperparameters.learning_rate: 5e-5\n');
    expect(out).toContain('  best: step 10, dev loss 0.1000\n');
    expect(out).toContain('Warnings\n  The head is random.\n');
    expect(out).toContain('Test set, 20 queries [synthetic]\n');
    const json = JSON.parse((await cli(['show', id, '--runs', runs, '--json'])).out) as Record<string, unknown>;
    expect(json).toMatchObject({
      id,
      status: 'finished',
      tests: { bm25: { nQueries: 20 } },
      evaluations: [{ step: 10 }],
    });
  });

  it('tells why a run failed', async () => {
    const runs = tempFolder();
    const problem = { code: 'disk-full', message: 'The disk is full.', where: '/x', next: 'Free some space.' };
    await newRun(runs, 'bad', { status: 'failed', problem }, [{ type: 'failed', t: 1, problem }]);
    const { out } = await cli(['show', 'latest', '--runs', runs]);
    expect(out).toMatch(/\nfailed: \/x: The disk is full\.\nFree some space\.\n$/);
  });

  describe('rankings', () => {
    async function withRankings(hasBaseline = false): Promise<string> {
      const runs = tempFolder();
      const { runDir } = await newRun(runs, 'ranked', finished(0.8, 0.9));
      const writer = await openRankingsWriter(runDir, 'test');
      const products = ['one', 'two', 'three'].map((title, i) => ({
        id: `p${i}`,
        title: `Title ${title}\u001b[2J`,
        label: (['E', 'I', 'S'] as const)[i]!,
      }));
      const add = (id: string, text: string, before: number, after: number) =>
        writer.add({
          id,
          text,
          products,
          scores: {
            pretrained: Float32Array.of(0.1, 0.9, 0.5),
            ...(hasBaseline ? { baseline: Float32Array.of(0.5, 0.1, 0.9) } : {}),
            'fine-tuned': Float32Array.of(0.9, 0.1, 0.5),
          },
          metrics: {
            pretrained: { esci_ndcg: before },
            ...(hasBaseline ? { baseline: { esci_ndcg: 0.65 } } : {}),
            'fine-tuned': { esci_ndcg: after },
          },
        });
      await add('q1', 'usb c cable', 0.5, 0.9);
      await add('q2', 'usb hub', 0.8, 0.6);
      await add('q3', 'tea', 0.7, 0.7);
      await writer.finish();
      return runs;
    }

    it('list the biggest losses and gains', async () => {
      const runs = await withRankings();
      const { out } = await cli(['show', 'latest', '--queries', '--runs', runs]);
      expect(out).toBe(
        [
          'ESCI nDCG: biggest losses (1 of 1)',
          '      Δ  pretrained  fine-tuned  E/S/C/I  query    id',
          '−0.2000      0.8000      0.6000  1/1/0/1  usb hub  q2',
          'ESCI nDCG: biggest gains (1 of 1)',
          '      Δ  pretrained  fine-tuned  E/S/C/I  query        id',
          '+0.4000      0.5000      0.9000  1/1/0/1  usb c cable  q1',
          '',
        ].join('\n'),
      );
      const byText = await cli(['show', 'latest', '--queries', '--sort', 'text', '--limit', '2', '--runs', runs]);
      expect(byText.out).toMatch(/test queries \(2 of 3\)\n.*\n +0\.0000 .* tea +q3\n.* usb c cable +q1\n$/);
      expect((await cli(['show', 'latest', '--queries', '--metric', 'esci_ndgc', '--runs', runs])).err).toContain(
        'Did you mean esci_ndcg?',
      );
    });

    it('are compared with the baseline where there is one', async () => {
      const runs = await withRankings(true);
      const listed = (await cli(['show', 'latest', '--queries', '--runs', runs])).out.split('\n');
      expect(listed.slice(0, 3)).toEqual([
        'ESCI nDCG: biggest losses (1 of 1)',
        '      Δ  baseline  fine-tuned  E/S/C/I  query    id',
        '−0.0500    0.6500      0.6000  1/1/0/1  usb hub  q2',
      ]);
      const { out } = await cli(['show', 'latest', '--query', 'q1', '--runs', runs]);
      expect(out.split('\n').slice(1, 6)).toEqual([
        'pretrained: ESCI nDCG 0.5000',
        'baseline: ESCI nDCG 0.6500',
        'fine-tuned: ESCI nDCG 0.9000',
        '#     baseline                fine-tuned',
        '1  S  Title three [2J  ▲1  E  Title one [2J',
      ]);
    });

    it('show one query under both models, with what moved', async () => {
      const runs = await withRankings();
      const expected = [
        'usb c cable  q1',
        'pretrained: ESCI nDCG 0.5000',
        'fine-tuned: ESCI nDCG 0.9000',
        '#     pretrained              fine-tuned',
        '1  I  Title two [2J    ▲2  E  Title one [2J',
        '2  S  Title three [2J      S  Title three [2J',
        '3  E  Title one [2J    ▼2  I  Title two [2J',
        '',
      ].join('\n');
      for (const wanted of ['q1', 'USB C cable', 'cable']) {
        expect((await cli(['show', 'latest', '--query', wanted, '--runs', runs])).out).toBe(expected);
      }
      const several = await cli(['show', 'latest', '--query', 'usb', '--runs', runs]);
      expect(several).toMatchObject({
        code: 2,
        err: expect.stringContaining('  q1  usb c cable\n  q2  usb hub') as string,
      });
      expect((await cli(['show', 'latest', '--query', 'coffee', '--runs', runs])).code).toBe(2);
    });

    it('are refused where there are none yet', async () => {
      const runs = tempFolder();
      await newRun(runs, 'early');
      const { code, err } = await cli(['show', 'latest', '--queries', '--runs', runs]);
      expect([code, err]).toEqual([2, expect.stringContaining('no test rankings yet')]);
    });
  });
});

describe('bug-report', () => {
  it('shows what it would hold and writes it once the person agrees', async () => {
    const runs = tempFolder();
    const { runDir } = await newRun(runs, 'secret-plan', { status: 'failed' }, Object.values(ONE_OF_EACH));
    const out = join(tempFolder(), 'report.zip');
    const args = ['bug-report', 'latest', '--runs', runs, '--out', out];

    const refused = await cli(args, { answers: ['s', ''] });
    expect(refused).toMatchObject({ code: 0, err: expect.stringContaining('Nothing was written.') as string });
    for (const name of ['README.txt', 'experiment.yml', 'events.jsonl', 'trainer.log']) {
      expect(refused.out).toMatch(new RegExp(`^ {2}${name} +\\d+ bytes$`, 'm'));
      expect(refused.out).toMatch(new RegExp(`^── ${name} \\(\\d+ bytes\\) ──$`, 'm'));
    }
    expect(refused.out).not.toContain('secret-plan');
    expect(existsSync(out)).toBe(false);

    expect(await cli(args, { answers: ['yes'] })).toMatchObject({
      code: 0,
      err: expect.stringContaining('Write it?') as string,
    });
    const { 'run.json': record } = unzipSync(readFileSync(out));
    expect(JSON.parse(strFromU8(record!))).toMatchObject({ status: 'failed' });

    // A run whose record is broken is what one reports first.
    writeFileSync(join(runDir, 'run.json'), '{');
    const json = await cli([...args, '--yes', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ type: 'bug-report', file: out, files: expect.any(Array) as unknown });
  });

  it('writes nothing where nobody can be asked', async () => {
    const runs = tempFolder();
    await newRun(runs, 'a');
    const out = join(runs, 'report.zip');
    const { code, err } = await cli(['bug-report', 'latest', '--runs', runs, '--out', out]);
    expect(code).toBe(2);
    expect(err).toMatch(/nobody can be asked.*\nAdd --yes/);
    expect(existsSync(out)).toBe(false);
  });
});
