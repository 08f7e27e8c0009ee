import { relative } from 'node:path';
import { keepFixture } from './fixtures.ts';
import { FORMATS } from './formats.ts';
import type { FormatName } from './formats.ts';
import { openInputs } from './inputs.ts';
import type { FuzzInput } from './inputs.ts';
import { minimise } from './minimise.ts';
import type { FuzzOptions } from './options.ts';
import { openLane } from './pool.ts';
import type { Lane } from './pool.ts';
import { count, newTally, tableOf } from './report.ts';
import type { Tally } from './report.ts';
import { signatureOf } from './verdict.ts';
import type { Failure } from './verdict.ts';

const BATCH = 50;
/** A long run says now and then how far it is. */
const TELL_EVERY = 10_000;
/** A format that has ended so many workers is given up, aloud. */
const MOST_ENDS = 12;
/** Tries to make an input shorter; each costs up to a new process where the failure ends one. */
const BUDGET = { untyped: 400, slow: 25, memory: 25, died: 25, hung: 8 } as const;

/** The first input of a failure, and how many had the same. */
interface Finding {
  readonly format: FormatName;
  readonly input: FuzzInput;
  readonly failure: Failure;
  n: number;
}

/**
 * Feeds hostile inputs to everything that reads what comes from outside, judges each by outcome, time and memory, and prints a table.
 * The same seed gives the same inputs.
 */
export async function fuzz(options: FuzzOptions): Promise<readonly Tally[]> {
  const tallies = new Map(options.formats.map((format) => [format, newTally(format)]));
  const findings = new Map<string, Finding>();
  const nEnds = new Map<FormatName, number>();
  const started = performance.now();
  let nDone = 0;

  const jobs = await Promise.all(
    options.formats.map(async (format) => ({
      format,
      make: await openInputs(format, FORMATS[format], options.seed),
      next: 0,
    })),
  );
  const lanes = Array.from({ length: options.nJobs }, () => openLane());
  await Promise.all(lanes.map(work));
  const kept = options.isKeeping ? await keepAll(lanes[0]!, findings) : [];
  await Promise.all(lanes.map((lane) => lane.close()));

  console.log('');
  for (const { format, failure, n } of findings.values()) console.log(`${n} times: ${failedText(format, failure)}`);
  for (const line of kept) console.log(line);
  const all = [...tallies.values()];
  console.log(tableOf(all).join('\n'));
  const total = (key: 'nCrashes' | 'nHangs'): number => all.reduce((sum, each) => sum + each[key], 0);
  console.log(
    `\nSeed ${options.seed}: ${nDone} inputs in ${secondsSince(started)} s, crashes: ${total('nCrashes')}, hangs: ${total('nHangs')}`,
  );
  return all;

  /** Takes batches of any format until none is left. */
  async function work(lane: Lane): Promise<void> {
    for (;;) {
      // Least done first, so that all formats have had their share whenever it is stopped.
      const job = jobs.filter(({ next }) => next < options.perFormat).sort((a, b) => a.next - b.next)[0];
      if (job === undefined) return;
      const { format, make, next } = job;
      job.next = Math.min(options.perFormat, next + BATCH);
      const inputs = Array.from({ length: job.next - next }, (_, i) => make(next + i));
      const verdicts = await lane.read(format, inputs);
      verdicts.forEach((verdict, i) => {
        const input = inputs[i]!;
        count(tallies.get(format)!, input.isMutated, verdict);
        for (const failure of verdict.failures) note(format, input, failure);
        if (++nDone % TELL_EVERY === 0) console.log(`${nDone} inputs in ${secondsSince(started)} s`);
      });
      if ((nEnds.get(format) ?? 0) > MOST_ENDS && job.next < options.perFormat) {
        console.log(`${format}: given up after ${job.next} inputs, because it has ended ${MOST_ENDS} workers.`);
        job.next = options.perFormat;
      }
    }
  }

  function note(format: FormatName, input: FuzzInput, failure: Failure): void {
    const signature = signatureOf(format, failure);
    const finding = findings.get(signature);
    if (finding === undefined) console.log(`FAILED input ${input.index} of ${failedText(format, failure)}`);
    if (finding === undefined || input.bytes.length < finding.input.bytes.length) {
      findings.set(signature, { format, input, failure, n: (finding?.n ?? 0) + 1 });
    } else finding.n++;
    if (failure.kind !== 'untyped') nEnds.set(format, (nEnds.get(format) ?? 0) + 1);
  }
}

function secondsSince(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(0);
}

function failedText(format: FormatName, { reader = 'the process', kind, message, at }: Failure): string {
  return `${format}: ${reader} ${kind}: ${message.slice(0, 300)}${at === undefined ? '' : ` at ${at}`}`;
}

/** Makes what failed shorter and keeps it; gives a line about each. */
async function keepAll(lane: Lane, findings: ReadonlyMap<string, Finding>): Promise<string[]> {
  const lines: string[] = [];
  for (const [signature, { format, input, failure }] of findings) {
    const isSame = async (bytes: Uint8Array): Promise<boolean> => {
      const [verdict] = await lane.read(format, [{ ...input, bytes }]);
      return verdict!.failures.some((each) => signatureOf(format, each) === signature);
    };
    const shortest = await minimise(input.bytes, isSame, BUDGET[failure.kind]);
    const path = keepFixture(format, shortest);
    const where = path === undefined ? `too large to keep (${shortest.length} bytes)` : relative('.', path);
    lines.push(`KEPT ${where}: ${signature}`);
  }
  return lines;
}
