/** Readers of the command line's output that go away, that wait, and that are not there. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { untilEvent } from '../trainer/tiny-run.ts';
import { pick } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault, Try } from './fault.ts';
import { CLI, startNode, startTrainer } from './processes.ts';
import type { Ended } from './processes.ts';
import { exitText, requireCleanExit, requireSameEnd } from './run-end.ts';
import { copyOf, freshRun } from './fixture.ts';

/** Runs a line of shell with the command line tool as `$0 $1`. */
function shell(line: string, words: readonly string[], { folder }: Try): Promise<Ended> {
  const behind = ['bash', '-o', 'pipefail', '-c', line];
  return startNode([CLI, ...words], { cwd: folder, behind }).done;
}

/** Exit codes of a program whose reader went away: its own, or that of the signal. */
const LEFT = [0, 141];

const LOOKS = [['show'], ['show', '--json'], ['show', '--queries'], ['show', '--queries', '--json']] as const;

const head: Fault = {
  name: 'a pipe whose reader goes away',
  tries: (isShort) => (isShort ? 1 : LOOKS.length),
  async run(context) {
    const { fixture, folder } = context;
    const runDir = copyOf(fixture, 'finished', folder);
    const [command, ...options] = pick(context, LOOKS);
    context.describe([command, ...options].join(' '));
    for (const line of ['"$0" "$@" | head -1', '"$0" "$@" | true', '"$0" "$@" >&-']) {
      const ended = await shell(line, [command, runDir, ...options], context);
      hold(ended.err === '' && LEFT.includes(ended.code ?? -1), `${line}: ${exitText(ended)}`);
    }
  },
};

/** Whoever follows a run from a terminal may go away: the trainer lives on. */
const followers: Fault = {
  name: 'a pipe that goes away while the run goes on',
  tries: (isShort) => (isShort ? 1 : 6),
  async run(context) {
    const { fixture, folder, index } = context;
    const runDir = index % 2 === 0 ? await freshRun(fixture, folder) : copyOf(fixture, 'stopped', folder);
    const words = index % 2 === 0 ? ['show', runDir, '--follow', '--json'] : ['resume', runDir];
    const line = ['"$0" "$@" | head -1', '"$0" "$@" 2>&1 | head -1', '"$0" "$@" >&- 2>&-'][index % 3]!;
    context.describe(`${words[0]!}: ${line}`);
    const trainer =
      index % 2 === 0 ? startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder }) : undefined;
    if (trainer !== undefined) await untilEvent(runDir, (text) => text.includes('"type":"started"'));
    const ended = await shell(line, words, context);
    hold(ended.err === '', `it ended with ${exitText(ended)}`);
    if (trainer !== undefined) hold((await trainer.done).code === 0, 'the trainer did not live on');
    else await untilEvent(runDir, (text) => /"type":"(finished|failed)"/.test(text));
    await untilRecorded(runDir);
    await requireSameEnd(fixture, runDir);
  },
};

/** Nobody reads for a while: everything comes, in order, and the trainer does not wait for it. */
const slow: Fault = {
  name: 'a pipe whose reader waits',
  tries: (isShort) => (isShort ? 1 : 2),
  async run(context) {
    const { fixture, folder, isShort } = context;
    const runDir = await freshRun(fixture, folder);
    const trainer = startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder });
    await untilEvent(runDir, (text) => text.includes('"type":"started"'));
    const line = `"$0" "$@" | (sleep ${isShort ? 3 : 10}; cat)`;
    const following = shell(line, ['show', runDir, '--follow', '--json'], context);
    hold((await trainer.done).code === 0, 'the trainer waited for the reader');
    const ended = await following;
    requireCleanExit(ended);
    hold(ended.code === 0, `show ended with ${exitText(ended)}`);
    const lines = ended.out.trimEnd().split('\n');
    const shown = lines.map((text) => JSON.parse(text) as { type: string });
    const { events } = await readEvents(runDir);
    const nSteps = events.filter(({ type }) => type === 'step').length;
    hold(shown.filter(({ type }) => type === 'step').length === nSteps, 'steps are missing');
    hold(shown.at(-1)?.type === 'result', 'the result is missing');
    await requireSameEnd(fixture, runDir);
  },
};

/** The record follows the last event. */
async function untilRecorded(runDir: string): Promise<void> {
  while (!/"status": "(finished|failed)"/.test(readFileSync(`${runDir}/run.json`, 'utf8'))) await delay(20);
}

export const pipes: readonly Fault[] = [head, followers, slow];
