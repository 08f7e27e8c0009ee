/** Run folders come with a repository, as anybody made them: their files may be links to devices, or pipes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/files/exclusive-lock.ts';
import { readCheckpoint } from '../../../src/runs/checkpoints.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { readDevScores } from '../../../src/rankings/dev-scores.ts';
import { readExperimentText } from '../../../src/runs/experiment-text.ts';
import { foldLog } from '../../../src/runs/log/fold-log.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { listRuns } from '../../../src/runs/list-runs.ts';
import { readLogEnd } from '../../../src/runs/log/log-end.ts';
import { openRankings } from '../../../src/rankings/rankings.ts';
import { tempFolder } from './temp-folder.ts';

/** What makes a file strange, at a path where nothing is. */
const STRANGE = {
  'a pipe that nobody writes to': (path: string) => execFileSync('mkfifo', [path]),
  'a link to a device without an end': (path: string) => symlinkSync('/dev/zero', path),
} as const;

const NO_QUERIES = {
  version: 1,
  bytes: 0,
  ids: [],
  texts: [],
  offsets: [],
  lengths: [],
  counts: { E: [], S: [], C: [], I: [] },
  metrics: {},
};

/** Each file of a run folder, and who reads it. */
const READERS: Readonly<Record<string, { path: (runDir: string) => string; read: (runDir: string) => unknown }>> = {
  'run.json': { path: runPaths.record, read: async (runDir) => (await listRuns(dirname(runDir)))[0] },
  'annotation.json': { path: runPaths.annotation, read: async (runDir) => (await listRuns(dirname(runDir)))[0] },
  'experiment.yml': { path: runPaths.experiment, read: readExperimentText },
  'events.jsonl': { path: runPaths.events, read: (runDir) => foldLog(runDir) },
  'trainer.log': { path: runPaths.log, read: (runDir) => readLogEnd(runDir, 10) },
  'test.index.json': {
    path: (runDir) => runPaths.rankingsIndex(runDir, 'test'),
    read: (runDir) => openRankings(runDir, 'test'),
  },
  'dev scores': {
    path: (runDir) => runPaths.devScores(runDir, 1),
    read: (runDir) => readDevScores(runDir, 1, NO_QUERIES),
  },
  'state.json': {
    path: (runDir) => join(runPaths.checkpoint(runDir, 1), 'state.json'),
    read: (runDir) => readCheckpoint(runDir, 1),
  },
  'trainer.lock-1': {
    path: (runDir) => join(runDir, 'trainer.lock-1'),
    read: async (runDir) => {
      const lock = await takeLock(runDir, 'trainer.lock', { isForeignAlive: () => Promise.resolve(false) });
      if (lock.isTaken) await lock.release();
    },
  },
};

describe.skipIf(process.platform === 'win32')('a file of a run folder that is no file', () => {
  const tries = Object.keys(READERS).flatMap((name) =>
    Object.keys(STRANGE).map((what) => [name, what as keyof typeof STRANGE] as const),
  );

  it.each(tries)('%s: %s', async (name, what) => {
    const { runDir } = await createRun(join(tempFolder(), 'runs'), 'model: x', {
      name: 'tiny',
      job: 'train',
      experimentFile: '/x.yml',
    });
    const { path, read } = READERS[name]!;
    mkdirSync(dirname(path(runDir)), { recursive: true });
    rmSync(path(runDir), { force: true });
    STRANGE[what](path(runDir));

    const before = process.memoryUsage.rss();
    const found: unknown = await Promise.resolve(read(runDir)).catch((error: unknown) => error);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
    // A value, or a problem in words: never an error of the system.
    if (found instanceof Error) expect(found).toMatchObject({ name: 'ProblemError', problem: { code: 'cannot-read' } });
  });
});
