/** SIGKILL: at exact calls that write, and at any time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RunJob } from '../../src/protocol/jobs.ts';
import type { Fault, Try } from './fault.ts';
import type { Action, Moment, Part } from './inject/plan.ts';
import { startTrainer, whatHappened } from './processes.ts';
import { bringToEnd } from './run-end.ts';
import { freshRun, planFor } from './fixture.ts';

/** How often a part is hit in the full table and in the short one. */
const PARTS = {
  checkpoint: [24, 2],
  model: [14, 1],
  rankings: [14, 1],
  artifacts: [12, 1],
  record: [10, 1],
  events: [10, 1],
} as const satisfies Record<Part, readonly [full: number, short: number]>;

const WHEN = ['before', 'half', 'after'] as const;

/** A moment in the writing of a part, drawn evenly over its calls. */
export function drawMoment({ fixture, random }: Try, part: Part): Moment {
  // Progress is told by time: a faster run has fewer events than the one that was counted.
  const nCalls = Math.ceil(fixture.calls[part]! * (part === 'events' ? 0.7 : 1));
  return { part, n: 1 + random.nextBelow(nCalls), when: WHEN[random.nextBelow(WHEN.length)]! };
}

/** Runs a trainer into a fault; gives what the call was. */
export async function runInto(
  context: Try,
  job: RunJob,
  moment: Moment,
  action: Action,
): Promise<{ readonly signal: NodeJS.Signals | null }> {
  const plan = { ...planFor(job.runDir, context.folder), moment, action };
  const ended = await startTrainer(job, { cwd: context.folder }, plan).done;
  context.describe(whatHappened(plan));
  return ended;
}

function killedAt(
  name: string,
  tries: readonly [number, number],
  part: Part,
  actionOf: (context: Try) => Action,
): Fault {
  return {
    name,
    tries: (isShort) => tries[isShort ? 1 : 0],
    async run(context) {
      const runDir = await freshRun(context.fixture, context.folder);
      const job: RunJob = { kind: 'train', runDir, resume: false };
      const { signal } = await runInto(context, job, drawMoment(context, part), actionOf(context));
      if (signal !== 'SIGKILL') throw new Error(`the trainer ended by ${signal ?? 'itself'}, not by the kill`);
      await bringToEnd(context.fixture, runDir, context.folder);
    },
  };
}

const whileWritten = (Object.keys(PARTS) as Part[]).map((part) =>
  killedAt(`kill −9 while ${part} is written`, PARTS[part], part, () => ({ kind: 'kill' })),
);

/** Signals from outside at any time of the run, and again at any time of the first resume. */
const atAnyTime: Fault = {
  name: 'kill −9 at any time, twice',
  tries: (isShort) => (isShort ? 1 : 20),
  async run(context) {
    const { fixture, folder, random } = context;
    // Where the machine does less than it did for the first run, this one may end before: then sooner, with another run.
    for (let afterMs = random.nextFloat() * fixture.runMs; ; afterMs /= 2) {
      const runDir = await freshRun(fixture, folder);
      context.describe(`after ${afterMs.toFixed(0)} ms`);
      if (!(await killedAfter(afterMs, { kind: 'train', runDir, resume: false }, folder))) continue;
      await killedAfter(random.nextFloat() * fixture.runMs, { kind: 'train', runDir, resume: true }, folder);
      return bringToEnd(fixture, runDir, folder);
    }
  },
};

/** Starts a trainer and kills it after a time; whether it still lived then. */
async function killedAfter(ms: number, job: RunJob, cwd: string): Promise<boolean> {
  const trainer = startTrainer(job, { cwd });
  const ended = await Promise.race([trainer.done, delay(ms, undefined, { ref: false })]);
  if (ended === undefined) trainer.child.kill('SIGKILL');
  return (await trainer.done).signal === 'SIGKILL';
}

/** Power cuts while what a resume needs, and what is the result, is written. */
const powerCuts = (['checkpoint', 'model', 'rankings', 'record'] as const).map((part) =>
  killedAt(`power cut while ${part} is written`, [10, part === 'checkpoint' ? 1 : 0], part, ({ random }) => ({
    kind: 'cut-power',
    keptShare: random.nextBelow(2) / 2,
  })),
);

export const kills: readonly Fault[] = [...whileWritten, atAnyTime, ...powerCuts];
