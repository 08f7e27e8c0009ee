import { strFromU8, unzipSync } from 'fflate';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectReport, previewText } from '../../../../src/runs/bug-report/collect.ts';
import { hideSecrets, privateTexts } from '../../../../src/runs/bug-report/hide-secrets.ts';
import { zipReport } from '../../../../src/runs/bug-report/zip.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { copyRecordedRuns } from '../../../runs/recorded.ts';
import { evaluation, started, step } from '../events.ts';
import { tempFolder } from '../temp-folder.ts';
import { forbidden, PLANTED, plantedRun } from './planted-run.ts';

const REPORTER = { app: 'command line', version: '1.2.3' } as const;
const NAMES = [
  'README.txt',
  'environment.json',
  'run.json',
  'experiment.yml',
  'events.jsonl',
  'trainer.log',
  'files.txt',
] as const;

beforeEach(() => {
  vi.stubEnv('HOME', PLANTED.home);
  vi.stubEnv('HF_TOKEN', PLANTED.token);
  vi.stubEnv('SOME_PASSWORD', PLANTED.password);
});
afterEach(() => vi.unstubAllEnvs());

/** The texts of a report's files by name, as they come out of its zip. */
async function reportOf(runDir: string): Promise<Record<(typeof NAMES)[number], string>> {
  const files = unzipSync(zipReport(await collectReport(runDir, REPORTER, join(runDir, '../..'))));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)])) as Record<
    (typeof NAMES)[number],
    string
  >;
}

/** Which of the texts occur, in any case. */
function found(texts: readonly string[], inText: string): string[] {
  const all = inText.toLowerCase();
  return texts.filter((text) => all.includes(text.toLowerCase()));
}

describe('a problem report', () => {
  it('holds no planted query, title, token, path or name in any of its bytes, wherever they were planted', async () => {
    const runDir = await plantedRun(tempFolder());
    const report = await collectReport(runDir, REPORTER, PLANTED.home);
    const zip = zipReport(report);
    const texts = Object.entries(unzipSync(zip)).map(([name, bytes]) => `${name}\n${strFromU8(bytes)}`);
    const everything = [report.fileName, strFromU8(zip, true), previewText(report), ...texts].join('\n');
    expect(found(forbidden(), everything)).toEqual([]);
    // The search itself finds what is there.
    expect(found(forbidden(), readFileSync(runPaths.log(runDir), 'utf8')).length).toBeGreaterThan(10);
    expect(report.fileName).toBe('esci-lab-report-20261125-120000-a1b2c3.zip');
  });

  it('holds no query and no title of the run’s rankings', async () => {
    const [runDir] = await copyRecordedRuns(tempFolder());
    const lines = readFileSync(runPaths.rankings(runDir, 'test'), 'utf8').trim().split('\n');
    const texts = new Set(lines.flatMap((line) => textsOf(JSON.parse(line)).filter((text) => /\w \w/.test(text))));
    expect(texts.size).toBeGreaterThan(500);
    expect(found([...texts], Object.values(await reportOf(runDir)).join('\n'))).toEqual([]);
  });

  it('keeps what tells where it went wrong', async () => {
    const report = await reportOf(await plantedRun(tempFolder()));
    expect(Object.keys(report)).toEqual(NAMES);
    expect(report['trainer.log'].split('\n')).toEqual([
      '<2 lines left out>',
      'TypeError: Cannot read properties of undefined …',
      '    at scoreQueries (dist/trainer.js:1204:17)',
      '    at dist/trainer.js:88:3',
      '    at <other code>',
      '    at InferenceSession.run (node_modules/onnxruntime-common/…/inference-session-impl.js:96:40)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '  [cause]: Error: ENOSPC: …, write',
      "  code: 'ENOSPC'",
      '<1 line left out>',
      'Error: <message left out>',
      '<2 lines left out>',
      '[W:onnxruntime, graph.cc:4285 CleanUnusedInitializers] <message left out>',
      '<1 line left out>',
      '(node) ExperimentalWarning: …',
      'FATAL ERROR: heap limit Allocation failed',
      '<1 line left out>',
      '',
    ]);
    const events = report['events.jsonl']
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toContainEqual({ type: 'failed', t: 1, step: 7, problem: { code: 'loss-not-finite' } });
    expect(events.filter(({ unreadable }) => unreadable !== undefined)).toHaveLength(3);
    expect(JSON.parse(report['run.json'])).toMatchObject({
      status: 'failed',
      seed: 42,
      totalSteps: 29,
      data: { isSynthetic: true },
    });
    expect(JSON.parse(report['environment.json'])).toMatchObject({ version: '1.2.3', isSet: { HF_TOKEN: true } });
    expect(report['experiment.yml']).toContain('name: <path>\n  type: cross-encoder\n  revision: <text>');
    expect(report['experiment.yml']).toContain('learning_rate: 0.00002');
    expect(report['experiment.yml']).toMatch(/^# error wrong-type at 4:\d+$/m);
    expect(report['files.txt']).toMatch(/^ +\d+ {2}2\d{3}-\S+Z {2}rankings\/dev\/step-000004\.f32$/m);
    expect(report['files.txt']).toMatch(/ {2}<other>\/<other>\.csv$/m);
  });

  it('keeps numbers, steps, metrics and codes of every event as they are', async () => {
    const [runDir] = await copyRecordedRuns(tempFolder());
    const events = [started({ device: 'webgpu' }), step(3), evaluation(4)];
    writeFileSync(runPaths.events(runDir), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const lines = (await reportOf(runDir))['events.jsonl'].trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ...events[0], runId: 'run' },
      events[1],
      events[2],
    ]);
  });

  it('is about runs in any state: files that are missing, broken or not what they should be', async () => {
    const [runDir] = await copyRecordedRuns(tempFolder());
    writeFileSync(runPaths.record(runDir), `{"id": "${PLANTED.query}`);
    writeFileSync(runPaths.experiment(runDir), `model: [${PLANTED.query}\n  - {: "`);
    rmSync(runPaths.events(runDir));
    rmSync(runPaths.log(runDir));
    const report = await reportOf(runDir);
    expect(JSON.parse(report['run.json'])).toMatchObject({ unreadable: 'not JSON' });
    expect(report['experiment.yml']).toMatch(/^# error yaml-syntax at \d+:\d+$/m);
    expect(report['events.jsonl']).toBe('');
    expect(found(forbidden(), Object.values(report).join('\n'))).toEqual([]);
    for (const value of ['null', '[]', '"text"', '17']) {
      writeFileSync(runPaths.record(runDir), value);
      expect(JSON.parse((await reportOf(runDir))['run.json'])).toMatchObject({ unreadable: 'not an object' });
    }
    rmSync(runDir, { recursive: true });
    expect((await reportOf(runDir))['experiment.yml']).toBe('# no such file\n');
  });

  it('stays small however long the run was, and says what it leaves out', async () => {
    const [runDir] = await copyRecordedRuns(tempFolder());
    const lines = Array.from({ length: 1000 }, (_, i) => `${JSON.stringify(step(i + 1))}\n`).join('');
    for (let i = 0; i < 60; i++) appendFileSync(runPaths.events(runDir), lines);
    appendFileSync(runPaths.events(runDir), `${JSON.stringify(step(77_777))}\n`);
    const report = await collectReport(runDir, REPORTER, '/w');
    const { text } = report.files.find(({ name }) => name === 'events.jsonl')!;
    expect(text.length).toBeLessThan(600_000);
    expect(text).toMatch(/^\{"t":1795603606597,/);
    expect(text).toMatch(/^\{"leftOutBytes":\d{7,}\}$/m);
    expect(text.trimEnd().split('\n').at(-1)).toContain('"step":77777');
    expect(zipReport(report).length).toBeLessThan(300_000);
  });

  it('is the same bytes for the same run', async () => {
    const [runDir] = await copyRecordedRuns(tempFolder());
    const { files, fileName } = await collectReport(runDir, REPORTER, '/w');
    expect(zipReport({ files, fileName })).toEqual(zipReport({ files: files.map((file) => ({ ...file })), fileName }));
  });
});

describe('the second line of defence', () => {
  it.each([
    ['see /home/marguerite.planted/ws/configs', 'see <workspace>/configs'],
    ['see /home/marguerite.planted/other', 'see ~/other'],
    [`Authorization: Basic abcdefgh`, 'Authorization: <secret>'],
    ['git clone https://me:pw@example.org/x', 'git clone https://<secret>@example.org/x'],
    [`${PLANTED.token}x`, '<secret>x'],
    ['hf_AnotherOne1234', '<token>'],
    ['MY_API_KEY=abc', 'MY_API_KEY: <secret>'],
    ['{"nTokens":640,"batch_tokens":16384}', '{"nTokens":640,"batch_tokens":16384}'],
  ])('turns %s into %s', (text, hidden) => {
    expect(hideSecrets(text, privateTexts(`${PLANTED.home}/ws`))).toBe(hidden);
  });

  it('knows a folder of Windows in JSON too', () => {
    const hidden = privateTexts('C:\\Users\\Marguerite\\ws');
    expect(hideSecrets(JSON.stringify('C:\\Users\\Marguerite\\ws\\a.yml'), hidden)).toBe('"<workspace>\\\\a.yml"');
  });
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
