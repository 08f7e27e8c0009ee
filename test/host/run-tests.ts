import { callOuter } from './ask.ts';

/** A test: what it proves, as a sentence about its subject, and the proof. */
export interface HostTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** At least one test: a subject without any does not compile. */
export type HostTests = readonly [HostTest, ...HostTest[]];

/** A test as an entry of a table. */
export function test(name: string, run: () => Promise<void>): HostTest {
  return { name, run };
}

/** Longest time of a test: two trainers in a row on a busy machine. */
const LIMIT_MS = 240_000;

/** Runs tests one after the other, cleaning up after each, and reports each to the process outside. */
export async function runTests(tests: readonly HostTest[], cleanUp: () => Promise<void>): Promise<void> {
  for (const { name, run } of tests) {
    const started = Date.now();
    const problem = await problemOf(() => within(run()));
    await callOuter('report', { name, ms: Date.now() - started, ...(problem === undefined ? {} : { problem }) });
    const left = await problemOf(() => within(cleanUp()));
    if (left !== undefined) await callOuter('report', { name: `${name}: leaves nothing behind`, ms: 0, problem: left });
  }
}

async function problemOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
