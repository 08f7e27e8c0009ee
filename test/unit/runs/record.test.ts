import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotate, readAnnotation } from '../../../src/runs/annotation.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { readLogEnd } from '../../../src/runs/log/log-end.ts';
import { readRecord, updateRecord, writeRecord } from '../../../src/runs/record.ts';
import { writeFileAtomic } from '../../../src/files/write-file.ts';
import { tempFolder } from './temp-folder.ts';

const newRun = { name: 'quick start', job: 'train', experimentFile: '/configs/quick.yml', seed: 7 } as const;

/** The problem that work throws, or what it gives. */
async function problemOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => (error as { problem?: unknown }).problem ?? error,
  );
}

describe('createRun', () => {
  it('makes a folder with the experiment and a queued record, and nothing else', async () => {
    const runsFolder = join(tempFolder(), 'deep', 'runs');
    const { runDir, record } = await createRun(runsFolder, 'model: {}\n', newRun, new Date(2026, 0, 2, 3, 4, 5));
    expect(record).toMatchObject({ ...newRun, version: 1, status: 'queued' });
    expect(record.id).toMatch(/^20260102-030405-quick-start-[0-9a-f]{6}$/);
    expect(await readRecord(runDir)).toEqual(record);
    expect(readFileSync(runPaths.experiment(runDir), 'utf8')).toBe('model: {}\n');
    expect(readdirSync(runDir).sort()).toEqual(['experiment.yml', 'run.json']);
    expect(readdirSync(runsFolder)).toEqual([record.id]);
  });

  it('says so when the runs folder is a file', async () => {
    const file = join(tempFolder(), 'runs');
    writeFileSync(file, '');
    expect(await problemOf(createRun(file, '', newRun))).toMatchObject({ code: 'cannot-write' });
  });
});

describe('run.json', () => {
  it('can be changed in part', async () => {
    const { runDir, record } = await createRun(tempFolder(), '', newRun);
    await updateRecord(runDir, { status: 'running', lastStep: 3 });
    expect(await readRecord(runDir)).toEqual({ ...record, status: 'running', lastStep: 3 });
  });

  it('refuses to be written wrong', async () => {
    const { runDir, record } = await createRun(tempFolder(), '', newRun);
    await expect(writeRecord(runDir, { ...record, createdAt: NaN })).rejects.toThrow(TypeError);
    expect(await readRecord(runDir)).toEqual(record);
  });

  it.each(['', '{"version": 1, "id"', '[]', '{"version":1,"id":"x"}', '\u0000\u0000'])(
    'is left alone by readers when it is %j, and set aside when it is written anew',
    async (content) => {
      const { runDir, record } = await createRun(tempFolder(), '', newRun);
      writeFileSync(runPaths.record(runDir), content);
      expect(await problemOf(readRecord(runDir))).toMatchObject({
        code: 'broken-file',
        where: runPaths.record(runDir),
      });
      expect(readFileSync(runPaths.record(runDir), 'utf8')).toBe(content);
      await writeRecord(runDir, record);
      expect(await readRecord(runDir)).toEqual(record);
      const aside = readdirSync(runDir).filter((name) => name.startsWith('run.json.broken-'));
      expect(aside.map((name) => readFileSync(join(runDir, name), 'utf8'))).toEqual([content]);
    },
  );

  it('of a newer version is neither read nor overwritten', async () => {
    const { runDir, record } = await createRun(tempFolder(), '', newRun);
    const newer = JSON.stringify({ version: 2, shape: 'unknown' });
    writeFileSync(runPaths.record(runDir), newer);
    expect(await problemOf(readRecord(runDir))).toMatchObject({ code: 'newer-version' });
    expect(await problemOf(writeRecord(runDir, record))).toMatchObject({ code: 'newer-version' });
    expect(readFileSync(runPaths.record(runDir), 'utf8')).toBe(newer);
  });

  it('that is missing is a problem of its own', async () => {
    expect(await problemOf(readRecord(tempFolder()))).toMatchObject({ code: 'no-run' });
  });
});

describe('annotation.json', () => {
  it('is empty at first, keeps what was said, and loses a title that is emptied', async () => {
    const dir = tempFolder();
    expect(await readAnnotation(dir)).toEqual({ tags: [], note: '', isBaseline: false });
    await annotate(dir, { title: ' Best so far ', tags: ['a'] });
    await annotate(dir, { note: 'n' });
    expect(await readAnnotation(dir)).toEqual({ title: 'Best so far', tags: ['a'], note: 'n', isBaseline: false });
    await annotate(dir, { title: ' ' });
    expect(await readAnnotation(dir)).toEqual({ tags: ['a'], note: 'n', isBaseline: false });
  });

  it('that is broken is set aside by the next change', async () => {
    const dir = tempFolder();
    writeFileSync(runPaths.annotation(dir), '{');
    expect(await problemOf(readAnnotation(dir))).toMatchObject({ code: 'broken-file' });
    await annotate(dir, { note: 'new' });
    expect((await readAnnotation(dir)).note).toBe('new');
    expect(readdirSync(dir).some((name) => name.startsWith('annotation.json.broken-'))).toBe(true);
  });
});

describe('writeFileAtomic', () => {
  it('leaves no temporary file, also when it fails', async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, 'a'));
    await writeFileAtomic(join(dir, 'a', 'b.txt'), 'x');
    await expect(writeFileAtomic(join(dir, 'a', 'b.txt', 'c.txt'), 'x')).rejects.toThrow();
    await expect(writeFileAtomic(join(dir, 'a', 'n'.repeat(255)), 'x')).rejects.toThrow();
    expect(readdirSync(dir)).toEqual(['a']);
    expect(readdirSync(join(dir, 'a'))).toEqual(['b.txt']);
  });

  it('sets a folder aside that stands in its place, with all that is in it', async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, 'x', 'full'), { recursive: true });
    await writeFileAtomic(join(dir, 'x'), 'text');
    const [file, aside] = readdirSync(dir).sort();
    expect(file).toBe('x');
    expect(aside).toMatch(/^x\.broken-/);
    expect(readdirSync(join(dir, aside!))).toEqual(['full']);
  });

  it('does not bring back a folder that was deleted', async () => {
    const dir = tempFolder();
    const gone = join(dir, 'gone');
    expect(await problemOf(writeFileAtomic(join(gone, 'b.txt'), 'x'))).toMatchObject({
      code: 'folder-gone',
      where: gone,
    });
    expect(readdirSync(dir)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('names a folder without permission', async () => {
    const dir = tempFolder();
    chmodSync(dir, 0o500);
    expect(await problemOf(writeFileAtomic(join(dir, 'x'), ''))).toMatchObject({ code: 'cannot-write' });
    chmodSync(dir, 0o700);
  });

  it.skipIf(process.platform !== 'linux')('tells of a full disk in plain words', () => {
    // Writing to /dev/full fails with ENOSPC; the log is the one file that is written in place.
    const dir = tempFolder();
    symlinkSync('/dev/full', runPaths.events(dir));
    const log = openEventLog(dir);
    let thrown: unknown;
    try {
      log.append({ type: 'finished', t: 1, ms: 1 });
    } catch (error) {
      thrown = error;
    }
    log.close();
    expect(thrown).toMatchObject({ problem: { code: 'disk-full', where: runPaths.events(dir) } });
  });
});

describe('readLogEnd', () => {
  it('gives the last whole lines', async () => {
    const dir = tempFolder();
    expect(await readLogEnd(dir, 3)).toEqual([]);
    writeFileSync(runPaths.log(dir), Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(''));
    expect(await readLogEnd(dir, 3)).toEqual(['line 9997', 'line 9998', 'line 9999']);
    writeFileSync(runPaths.log(dir), 'only\nütf');
    expect(await readLogEnd(dir, 3)).toEqual(['only', 'ütf']);
  });
});
