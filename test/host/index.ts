/** Runs inside the extension host; the editor calls `run`. */
import { callOuter } from './ask.ts';
import { commandTests } from './command-tests.ts';
import type { SuiteName } from './protocol.ts';
import { runTests } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { cleanUp } from './world.ts';

/** Tests, and what they leave in the window for the next suite of the same editor. */
interface Suite {
  readonly tests: () => readonly HostTest[];
  readonly leave?: () => Promise<void>;
}

const SUITES = {
  workspace: { tests: commandTests },
} as const satisfies Record<SuiteName, Suite>;

export async function run(): Promise<void> {
  // Stacks of failures are of the sources.
  process.setSourceMapsEnabled(true);
  const { suite, only } = await callOuter('begin');
  const { tests, leave }: Suite = SUITES[suite];
  await runTests(
    tests().filter(({ name }) => name.includes(only)),
    cleanUp,
  );
  await leave?.();
  await callOuter('end');
}
