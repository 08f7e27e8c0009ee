/** The run folder is deleted or moved while the trainer works in it. */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pick } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault } from './fault.ts';
import type { Part, Plan } from './inject/plan.ts';
import { drawMoment } from './kill.ts';
import { esciLab, startTrainer, whatHappened } from './processes.ts';
import { bringToEnd, exitText, requireCleanExit } from './run-end.ts';
import { freshRun, planFor } from './fixture.ts';

const PARTS: readonly Part[] = ['events', 'checkpoint', 'rankings', 'record', 'model'];

const deleted: Fault = {
  name: 'run folder deleted',
  tries: (isShort) => (isShort ? 1 : 20),
  async run(context) {
    const { fixture, folder } = context;
    const runDir = await freshRun(fixture, folder);
    const plan: Plan = {
      ...planFor(runDir, folder),
      moment: { ...drawMoment(context, pick(context, PARTS)), when: 'before' },
      action: { kind: 'remove-run' },
    };
    const ended = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder }, plan).done;
    context.describe(whatHappened(plan));
    hold(!existsSync(runDir), 'the folder is back');
    requireCleanExit(ended);
    hold(ended.code === 2, `the trainer ended with ${exitText(ended)}`);
    const looked = await esciLab(['runs', '--runs', join(folder, 'runs'), '--json'], { cwd: folder });
    requireCleanExit(looked);
  },
};

const moved: Fault = {
  name: 'run folder moved',
  tries: (isShort) => (isShort ? 1 : 20),
  async run(context) {
    const { fixture, folder } = context;
    const runDir = await freshRun(fixture, folder);
    const to = join(folder, 'elsewhere', basename(runDir));
    mkdirSync(join(folder, 'elsewhere'));
    const plan: Plan = {
      ...planFor(runDir, folder),
      moment: { ...drawMoment(context, pick(context, PARTS)), when: 'before' },
      action: { kind: 'move-run', to },
    };
    const ended = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder }, plan).done;
    context.describe(whatHappened(plan));
    hold(!existsSync(runDir), 'there is a folder at the old place');
    requireCleanExit(ended);
    hold(ended.code === 2, `the trainer ended with ${exitText(ended)}`);
    await bringToEnd(fixture, to, folder);
  },
};

export const gone: readonly Fault[] = [deleted, moved];
