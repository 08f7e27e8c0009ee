/** The trainer is suspended (SIGSTOP), as a machine that sleeps suspends it, and goes on later. */
import { utimesSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { FOREIGN_DEAD_MS } from '../../src/runs/liveness.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { untilEvent } from '../trainer/tiny-run.ts';
import { pick } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault } from './fault.ts';
import { esciLab, startTrainer } from './processes.ts';
import { exitText, recordOf, requireCleanExit, requireSameEnd } from './run-end.ts';
import { freshRun } from './fixture.ts';

/** Heartbeat and record are made to look older than any silence that means something, so that a short stop is like a long one. */
function age(runDir: string): void {
  const past = new Date(Date.now() - 2 * FOREIGN_DEAD_MS);
  for (const path of [runPaths.heartbeat(runDir), runPaths.record(runDir)]) utimesSync(path, past, past);
}

/** Texts in the log after which the trainer is suspended. */
const SIGNS = ['"type":"started"', '"type":"step"', '"type":"checkpoint"', '"step":16'];

const suspended: Fault = {
  name: 'trainer suspended for a minute',
  tries: (isShort) => (isShort ? 1 : 4),
  async run(context) {
    const { fixture, folder, index, isShort, describe } = context;
    const runDir = await freshRun(fixture, folder);
    const trainer = startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder });
    const sign = pick(context, SIGNS);
    await Promise.race([untilEvent(runDir, (text) => text.includes(sign)), trainer.done]);
    trainer.child.kill('SIGSTOP');
    describe(`after the first ${sign}`);
    if ((await recordOf(runDir)).status !== 'running')
      throw new Error('the run had ended before it could be suspended');
    // One of the full tries is a minute by the clock; the others only look like one.
    await delay(isShort || index > 0 ? 1000 : 60_000);
    if (isShort || index > 0) age(runDir);
    for (const words of [
      ['resume', runDir],
      ['resume', runDir, '--detach'],
    ]) {
      const refused = await esciLab(words, { cwd: folder });
      requireCleanExit(refused);
      hold(refused.code === 2, `resume was not refused: ${exitText(refused)}`);
    }
    const second = startTrainer({ kind: 'train', runDir, resume: true }, { cwd: folder });
    const refused = await second.done;
    requireCleanExit(refused);
    trainer.child.kill('SIGCONT');
    const ended = await trainer.done;
    hold(refused.code === TRAINER_EXIT.refused, `a second trainer was not refused: ${exitText(refused)}`);
    hold(ended.code === 0, `the trainer ended with ${exitText(ended)}`);
    const { events } = await readEvents(runDir);
    hold(!events.some((event) => event.type === 'resumed'), 'another trainer took the run over');
    await requireSameEnd(fixture, runDir);
  },
};

export const suspensions: readonly Fault[] = [suspended];
