/** The system's clock is moved by an hour while a run lives; the monotonic clock goes on as it does on a real machine. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { readRecord } from '../../src/runs/record.ts';
import { pick, Skipped } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault } from './fault.ts';
import type { Part, Plan } from './inject/plan.ts';
import { drawMoment } from './kill.ts';
import { esciLab, startTrainer, whatHappened } from './processes.ts';
import { exitText, requireCleanExit, requireSameEnd } from './run-end.ts';
import { freshRun, planFor } from './fixture.ts';

/** Where Debian's package `faketime` has its library. */
function fakeTimeLibrary(): string | undefined {
  if (!existsSync('/usr/lib')) return undefined;
  return readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}

/** What is written before the last event: after that nobody looks at the clock. */
const PARTS: readonly Part[] = ['events', 'checkpoint', 'rankings', 'model'];

function clockMoved(name: string, offset: string): Fault {
  return {
    name,
    tries: (isShort) => (isShort ? 1 : 10),
    async run(context) {
      const library = fakeTimeLibrary();
      if (library === undefined) throw new Skipped('libfaketime is missing (Debian: apt-get install faketime)');
      const { fixture, folder } = context;
      const clock = join(folder, 'clock');
      writeFileSync(clock, '+0');
      const env = {
        ...{ LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1' },
        ...{ FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
      };
      const runDir = await freshRun(fixture, folder);
      const plan: Plan = {
        ...planFor(runDir, folder),
        // The call goes on afterwards, so it is not torn.
        moment: { ...drawMoment(context, pick(context, PARTS)), when: pick(context, ['before', 'after']) },
        action: { kind: 'write', file: clock, text: offset },
      };
      const ended = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder, env }, plan).done;
      context.describe(whatHappened(plan));
      requireCleanExit(ended);
      hold(ended.code === 0, `the trainer ended with ${exitText(ended)}`);
      const { events } = await readEvents(runDir);
      const { createdAt, endedAt = createdAt, activeMs = Infinity } = await readRecord(runDir);
      if (Math.abs(endedAt - createdAt) < 3_000_000) throw new Error('the clock of the trainer did not move');
      hold(activeMs < 1_800_000, `the run is said to have taken ${activeMs} ms`);
      const stamps = events.map(({ t }) => t);
      hold(stamps.at(-1)! - stamps[0]! < 1_800_000, 'an hour that nobody waited is on the time axis');
      for (const event of events) {
        if (!('ms' in event)) continue;
        hold(event.ms >= 0 && event.ms < 1_800_000, `${event.type} took ${event.ms} ms`);
      }
      await requireSameEnd(fixture, runDir);
      const looked = await esciLab(['show', runDir], { cwd: folder });
      requireCleanExit(looked);
      hold(looked.code === 0 && !/-\d+ (s|min|h)\b/.test(looked.out), `show says ${exitText(looked)}`);
    },
  };
}

export const clocks: readonly Fault[] = [
  clockMoved('clock moved an hour ahead', '+3600'),
  clockMoved('clock moved an hour back', '-3600'),
];
