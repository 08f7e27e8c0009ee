/** A run folder that came with a repository may hold links to a person's files: nothing is written through them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnTrainer } from '../../../src/process/spawn-trainer.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { requestStop } from '../../../src/runs/stop-request.ts';
import { openRunSession } from '../../../src/trainer/jobs/run-session.ts';
import { tempFolder } from './temp-folder.ts';

async function newRun(folder: string): Promise<string> {
  const run = { name: 'tiny', job: 'train', experimentFile: '/x.yml' } as const;
  return (await createRun(join(folder, 'runs'), 'model: x', run)).runDir;
}

const FILES: Readonly<Record<string, (runDir: string) => string>> = {
  'events.jsonl': runPaths.events,
  'trainer.log': runPaths.log,
  heartbeat: runPaths.heartbeat,
  '.reserve': runPaths.reserve,
};

const FOLDERS: Readonly<Record<string, (runDir: string) => string>> = {
  checkpoints: runPaths.checkpoints,
  'a checkpoint': (runDir) => runPaths.checkpoint(runDir, 1),
  rankings: (runDir) => join(runDir, 'rankings'),
  'dev scores': runPaths.devScoresFolder,
};

/** Both that would write there: whoever starts a trainer (its log), and the trainer. */
async function writersOf(runDir: string) {
  const job = { kind: 'train', runDir, resume: true } as const;
  const node = { command: process.execPath, env: {}, source: 'own' } as const;
  const spawned = spawnTrainer({ node, script: '/no/trainer.js', job, isResumed: true });
  const refusals = [await spawned.catch((error: unknown) => error)];
  refusals.push(await openRunSession(runDir).catch((error: unknown) => error));
  return refusals;
}

describe('a run folder with links to elsewhere', () => {
  it.each(Object.keys(FILES))('as %s: nothing is written to what it leads to', async (name) => {
    const folder = tempFolder();
    const runDir = await newRun(folder);
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'kept');
    rmSync(FILES[name]!(runDir), { force: true });
    symlinkSync(precious, FILES[name]!(runDir));
    for (const refusal of await writersOf(runDir))
      expect(refusal).toMatchObject({ problem: { code: 'foreign-files' } });
    expect(readFileSync(precious, 'utf8')).toBe('kept');
  });

  it.each(Object.keys(FOLDERS))('as %s: nothing is removed from what it leads to', async (name) => {
    const folder = tempFolder();
    const runDir = await newRun(folder);
    const precious = join(folder, 'precious');
    mkdirSync(precious);
    const names = ['mine.tmp', 'optimizer.safetensors'];
    for (const file of names) writeFileSync(join(precious, file), 'kept');
    mkdirSync(dirname(FOLDERS[name]!(runDir)), { recursive: true });
    symlinkSync(precious, FOLDERS[name]!(runDir));
    for (const refusal of await writersOf(runDir))
      expect(refusal).toMatchObject({ problem: { code: 'foreign-files' } });
    expect(readdirSync(precious)).toEqual(names);
  });

  it('as a request to stop: it counts as one, and its target is not emptied', async () => {
    const folder = tempFolder();
    const runDir = await newRun(folder);
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'kept');
    symlinkSync(precious, runPaths.stop(runDir));
    await requestStop(runDir);
    expect(readFileSync(precious, 'utf8')).toBe('kept');
  });
});
