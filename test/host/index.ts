/** Runs inside the extension host; the editor calls `run`. */
import { callOuter } from './ask.ts';
import { commandTests } from './command-tests.ts';
import { languageTests } from './language.ts';
import { noFolderTests } from './no-folder.ts';
import { panelTests } from './panels.ts';
import type { SuiteName } from './protocol.ts';
import { runTests } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { workbenchTests } from './workbench.ts';
import { untrustedTests } from './untrusted.ts';
import { viewTests } from './view-tests.ts';
import { cleanUp } from './fixture.ts';

const SUITES = {
  workspace: () => [...commandTests(), ...viewTests(), ...workbenchTests, ...languageTests, ...panelTests],
  untrusted: () => untrustedTests,
  'no-folder': () => noFolderTests,
} as const satisfies Record<SuiteName, () => readonly HostTest[]>;

export async function run(): Promise<void> {
  // Stacks of failures are of the sources.
  process.setSourceMapsEnabled(true);
  const { suite, only } = await callOuter('begin');
  const tests = SUITES[suite]().filter(({ name }) => name.includes(only));
  await runTests(tests, cleanUp);
  await callOuter('end');
}
