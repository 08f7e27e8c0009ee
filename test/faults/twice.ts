/** Two that want to train the same run: in two terminals, in two windows, on two machines. */
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import type { RunRecord } from '../../src/protocol/run-record.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { FOREIGN_DEAD_MS } from '../../src/runs/liveness.ts';
import { hold } from './lost.ts';
import type { Fault } from './fault.ts';
import { esciLab, startNode, startTrainer } from './processes.ts';
import type { Ended } from './processes.ts';
import { bringToEnd, exitText, requireCleanExit, requireSameEnd } from './run-end.ts';
import { copyOf } from './fixture.ts';

/** Asks that just one process trained since the run was stopped, and that whoever else wanted to was refused in words. */
async function requireOne(runDir: string, asked: readonly Ended[]): Promise<void> {
  for (const ended of asked) requireCleanExit(ended);
  const { events } = await readEvents(runDir);
  const pids = events.flatMap((event) => (event.type === 'resumed' ? event.pid : []));
  hold(new Set(pids).size === 1, `${new Set(pids).size} processes trained`);
  const refused = asked.filter(({ code }) => code !== 0);
  hold(refused.length === asked.length - 1, `${asked.length - refused.length} of ${asked.length} ended well`);
  for (const ended of refused) {
    const isRefusal = ended.code === EXIT.problem || ended.code === TRAINER_EXIT.refused;
    hold(isRefusal && /trainer|running|finished/i.test(ended.err), `refused with ${exitText(ended)}`);
  }
}

/** Runs of two processes that are started together. */
function twoAtOnce(
  name: string,
  tries: readonly [number, number],
  start: (runDir: string, cwd: string) => Promise<Ended>,
): Fault {
  return {
    name,
    tries: (isShort) => tries[isShort ? 1 : 0],
    async run({ fixture, folder }) {
      const runDir = copyOf(fixture, 'stopped', folder);
      const asked = await Promise.all([start(runDir, folder), start(runDir, folder)]);
      await requireOne(runDir, asked);
      await requireSameEnd(fixture, runDir);
    },
  };
}

const WINDOW = join(import.meta.dirname, 'window.ts');

const twoTerminals = twoAtOnce('two resumes at once', [10, 1], (runDir, cwd) => esciLab(['resume', runDir], { cwd }));
const twoWindows = twoAtOnce(
  'two windows resume at once',
  [5, 1],
  (runDir, cwd) =>
    startNode(['--import', 'tsx', WINDOW, runDir], {
      cwd: join(import.meta.dirname, '../..'),
      env: { WINDOW_CWD: cwd },
    }).done,
);
const twoTrainers = twoAtOnce(
  'two trainers at once',
  [5, 1],
  (runDir, cwd) => startTrainer({ kind: 'train', runDir, resume: true }, { cwd }).done,
);

/** A run that another machine works on, as its record and its fresh heartbeat say. */
const otherMachine: Fault = {
  name: 'resume while another machine trains',
  tries: (isShort) => (isShort ? 1 : 4),
  async run({ fixture, folder, index }) {
    const runDir = copyOf(fixture, 'stopped', folder);
    const record = JSON.parse(readFileSync(runPaths.record(runDir), 'utf8')) as RunRecord;
    const foreign = { ...record, status: 'running', process: { pid: 4242, startTime: '1@x', host: 'another-machine' } };
    writeFileSync(runPaths.record(runDir), JSON.stringify(foreign));
    writeFileSync(runPaths.heartbeat(runDir), String(Date.now()));
    const before = readFileSync(runPaths.record(runDir), 'utf8');
    const isTrainer = index % 2 === 0;
    const refused = isTrainer
      ? await startTrainer({ kind: 'train', runDir, resume: true }, { cwd: folder }).done
      : await esciLab(['resume', runDir], { cwd: folder });
    requireCleanExit(refused);
    hold(
      refused.code === (isTrainer ? TRAINER_EXIT.refused : EXIT.problem),
      `it was not refused: ${exitText(refused)}`,
    );
    hold(readFileSync(runPaths.record(runDir), 'utf8') === before, 'run.json has changed');
    // Silent for long, the other machine counts as dead.
    const past = new Date(Date.now() - FOREIGN_DEAD_MS - 60_000);
    for (const path of [runPaths.heartbeat(runDir), runPaths.record(runDir)]) utimesSync(path, past, past);
    await bringToEnd(fixture, runDir, folder);
  },
};

export const twice: readonly Fault[] = [twoTerminals, twoWindows, twoTrainers, otherMachine];
