/** How a run ended, as far as faults must not change it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricValues } from '../../src/protocol/events.ts';
import type { RunRecord } from '../../src/protocol/run-record.ts';
import { foldLog } from '../../src/runs/log/fold-log.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { readRecord } from '../../src/runs/record.ts';
import { esciLab } from './processes.ts';
import type { Ended } from './processes.ts';
import { hold, Lost } from './lost.ts';
import { wholeCheckpoints } from './checkpoints.ts';

/** What a run is held against. */
interface Reference {
  /** How it ends when nothing goes wrong. */
  readonly end: RunEnd;
}

/** What is the same, bit for bit, however a run came to its end. */
export interface RunEnd {
  /** SHA-256 by path in the run folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly test: Readonly<Record<string, MetricValues>>;
  /** Loss of every step, in order. */
  readonly losses: readonly number[];
}

const FILES = [
  'model/model.safetensors',
  'model/onnx/model.onnx',
  'model/config.json',
  'model/tokenizer.json',
  'rankings/dev.jsonl',
  'rankings/dev.index.json',
  'rankings/dev/step-000016.f32',
  'rankings/dev/step-000027.f32',
  'rankings/test.jsonl',
  'rankings/test.index.json',
  'test_scores.csv',
];

export async function endOf(runDir: string): Promise<RunEnd> {
  const { test } = await readRecord(runDir);
  const { state } = await foldLog(runDir);
  return {
    files: Object.fromEntries(FILES.map((name) => [name, hashOf(join(runDir, name))])),
    test: test ?? {},
    losses: state.steps.loss,
  };
}

/**
 * Asks for what a finished run promises: the same files, metrics and losses as without a fault, and nothing half-written.
 * `damaged` is a file that the fault took and that nothing can bring back.
 * @throws Lost
 */
export async function requireSameEnd({ end }: Reference, runDir: string, damaged?: string): Promise<void> {
  const { status } = await recordOf(runDir);
  hold(status === 'finished', `the run is ${status}, not finished`);
  const found = await endOf(runDir);
  const others = FILES.filter((name) => name !== damaged && found.files[name] !== end.files[name]);
  hold(others.length === 0, `other bytes than without the fault: ${others.join(', ')}`);
  hold(JSON.stringify(found.test) === JSON.stringify(end.test), 'other test metrics than without the fault');
  const isSameLog = damaged === 'events.jsonl' || JSON.stringify(found.losses) === JSON.stringify(end.losses);
  hold(isSameLog, 'other steps in the log than without the fault');
  const temporary = temporaryIn(runDir);
  hold(temporary.length === 0, `left behind: ${temporary.join(', ')}`);
}

/**
 * Resumes a run as a person would, from a terminal, and asks for the same end as without a fault. A run that is finished
 * already is only looked at. Nothing that a whole checkpoint holds is trained again.
 * @throws Lost
 */
export async function bringToEnd(reference: Reference, runDir: string, cwd: string): Promise<void> {
  const { status } = await recordOf(runDir);
  if (status !== 'finished') {
    const newest = wholeCheckpoints(runDir).at(-1) ?? 0;
    const claimed = (await foldLog(runDir)).state.checkpoints.at(-1);
    hold(newest >= (claimed?.step ?? 0), `the log tells of checkpoint ${claimed?.step ?? 0}; whole is ${newest}`);
    const resumed = await esciLab(['resume', runDir, '--json'], { cwd });
    hold(resumed.code === 0, `resume ended with ${exitText(resumed)}`);
    const { events } = await readEvents(runDir);
    const from = events.findLast((event) => event.type === 'resumed')?.fromStep ?? 0;
    hold(from >= newest, `resumed from step ${from}, though the checkpoint of step ${newest} was whole`);
  }
  await requireSameEnd(reference, runDir);
}

/** The record, where a missing or broken one is a loss. */
export async function recordOf(runDir: string): Promise<RunRecord> {
  try {
    return await readRecord(runDir);
  } catch (error) {
    throw new Lost(`run.json: ${String(error)}`);
  }
}

/**
 * Asks that a process ended as processes may: by itself, and with a problem in words where it did not succeed.
 * @throws Lost
 */
export function requireCleanExit(ended: Ended): void {
  const { code, signal, out, err } = ended;
  hold(signal === null, `it was killed by ${signal ?? ''}`);
  hold(code !== 1 && !/^unexpected:/m.test(err), `it failed as a bug: ${exitText(ended)}`);
  hold(!/^\s+at .+:\d+:\d+\)?$/m.test(err + out), `it printed a stack: ${exitText(ended)}`);
}

/** Exit code and last words, short enough for a line. */
export function exitText({ code, signal, out, err }: Ended): string {
  const words = (err.trim() === '' ? out.slice(-300) : err).trim().replaceAll(/\s+/g, ' ');
  return `${signal ?? code}: ${words.slice(0, 300)}`;
}

/** SHA-256 of a file as hex digits; a word when there is none. */
export function hashOf(path: string): string {
  if (!existsSync(path)) return 'missing';
  return statSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'a folder';
}

/** Names of temporary files and folders in the run folder. */
function temporaryIn(runDir: string): string[] {
  const names = readdirSync(runDir, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tmp$/.test(name));
}
