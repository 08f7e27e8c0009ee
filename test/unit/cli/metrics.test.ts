import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsCommand } from '../../../src/cli/commands/metrics.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';

let folder: string;
const FILES = {
  'qrels.txt': '1 0 a 1\n1 0 b 0\n2 0 a 3\n3 0 a 1\n',
  'run.txt': '1 Q0 b 1 2 mine\n1 Q0 a 2 1 mine\n1 Q0 x 3 5 mine\n2 Q0 a 1 1 mine\n9 Q0 a 1 1 mine\n',
  'broken.txt': '1 0 a 1\n1 0 b\n1 0 c one\n',
  'other.txt': 'x 0 a 1\n',
  'empty.txt': '',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metrics-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'latin1.txt'), Buffer.from('1 0 \xe9 1\n', 'latin1'));
});

afterAll(() => rm(folder, { recursive: true }));

async function metrics(...args: string[]): Promise<{ out: string; err: string }> {
  let out = '';
  let err = '';
  const command = metricsCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  const files = args.includes('--qrels')
    ? []
    : ['--qrels', join(folder, 'qrels.txt'), '--run', join(folder, 'run.txt')];
  await command.parseAsync([...files, ...args], { from: 'user' });
  return { out, err };
}

async function problemOf(...args: string[]) {
  const error = await metrics(...args).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProblemError)) throw new Error(`expected a problem, got ${String(error)}`);
  return error.problem;
}

const values = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((field) => field.trimEnd())
        .join(' '),
    );

describe('esci-lab metrics', () => {
  it('prints the official measures, and says which queries are missing', async () => {
    const { out, err } = await metrics();
    expect(values(out).slice(0, 6)).toEqual([
      'runid all mine',
      'num_q all 2',
      'num_ret all 4',
      'num_rel all 2',
      'num_rel_ret all 2',
      'map all 0.6667',
    ]);
    expect(values(out)).toHaveLength(30);
    expect(err).toBe('1 of 3 judged queries have no ranking and are left out (-c counts them as 0).\n');
  });

  it('has -q, -c, -J, -l, -M, -n and -m as trec_eval', async () => {
    expect(values((await metrics('-m', 'map', '-q')).out)).toEqual(['map 1 0.3333', 'map 2 1.0000', 'map all 0.6667']);
    expect(await metrics('-m', 'map', '-c')).toEqual({ out: 'map                   \tall\t0.4444\n', err: '' });
    expect(values((await metrics('-J', '-m', 'map', '-q', '-n')).out)).toEqual(['map 1 0.5000', 'map 2 1.0000']);
    expect(values((await metrics('-l', '2', '-m', 'num_rel')).out)).toEqual(['num_rel all 1']);
    expect(values((await metrics('-M', '1', '-m', 'num_ret', '-m', 'P.1,2')).out)).toEqual([
      'num_ret all 2',
      'P_1 all 0.5000',
      'P_2 all 0.2500',
    ]);
  });

  it('prints full precision as JSON', async () => {
    expect(JSON.parse((await metrics('--json', '-q', '-m', 'map', '-m', 'gm_map')).out)).toEqual({
      run: 'mine',
      summary: { map: (1 / 3 + 1) / 2, gm_map: expect.closeTo(Math.sqrt(1 / 3), 12) as number },
      queries: [
        { id: '1', values: { map: 1 / 3 } },
        { id: '2', values: { map: 1 } },
      ],
    });
  });

  it('explains what is wrong', async () => {
    const run = join(folder, 'run.txt');
    const qrels = (name: string) => ['--qrels', join(folder, name), '--run', run];
    expect(await problemOf('-m', 'mpa')).toMatchObject({ code: 'unknown-measure', next: 'Did you mean map?' });
    expect(await problemOf('-m', 'P.0')).toMatchObject({ code: 'unknown-measure', where: '-m' });
    expect(await problemOf('-l', 'x')).toMatchObject({ code: 'bad-option', where: '-l' });
    expect(await problemOf(...qrels('broken.txt'))).toMatchObject({
      code: 'trec-line',
      where: `${join(folder, 'broken.txt')}:2`,
      next: 'Also wrong: line 3.',
    });
    expect(await problemOf(...qrels('none.txt'))).toMatchObject({
      code: 'file-unreadable',
      message: 'Found no such file.',
    });
    expect(await problemOf('--qrels', folder, '--run', run)).toMatchObject({ code: 'file-unreadable' });
    expect(await problemOf(...qrels('latin1.txt'))).toMatchObject({ code: 'not-utf8' });
    expect(await problemOf(...qrels('other.txt'))).toMatchObject({ code: 'no-common-queries' });
    expect((await problemOf(...qrels('empty.txt'))).message).toContain('queries judged: none');
  });

  it('takes no name of what every object has for a measure', async () => {
    for (const name of ['toString', 'constructor', '__proto__', 'constructor.5', 'toString_5']) {
      expect(await problemOf('-m', name)).toMatchObject({ code: 'unknown-measure', where: '-m' });
    }
  });

  it.skipIf(process.platform === 'win32')('leaves a device without end', async () => {
    expect(await problemOf('--qrels', '/dev/zero', '--run', join(folder, 'run.txt'))).toMatchObject({
      code: 'file-too-large',
    });
  });
});
