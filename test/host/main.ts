/**
 * Runs the tests inside the extension host of the real editor, suite after suite, and prints a line for each test, then
 * "N passed, N failed". `npm run test:host [-- PART]` runs the tests whose name holds PART.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { missingEditor, ROOT, startEditor } from '../e2e/editor.ts';
import type { Editor, EditorOptions } from '../e2e/editor.ts';
import { pageActions } from './page/page-actions.ts';
import { ADDRESS } from './protocol.ts';
import type { OuterCalls, SuiteName, TestResult } from './protocol.ts';
import { serveCalls } from './serve-calls.ts';
import { trainingWorkspace, untrustedWorkspace } from './workspace.ts';

/** A suite and the editor that it wants. */
interface Setting {
  readonly suite: SuiteName;
  /** Makes the folder to open; without it the window is empty. */
  readonly workspace?: () => string;
  readonly options?: EditorOptions;
}

const SETTINGS: readonly Setting[] = [
  { suite: 'workspace', workspace: trainingWorkspace },
  {
    suite: 'untrusted',
    workspace: untrustedWorkspace,
    options: { isTrusted: false, settings: { 'security.workspace.trust.startupPrompt': 'never' } },
  },
  { suite: 'no-folder' },
];

const OUT = join(ROOT, '.cache/host-tests');
const BUNDLE = join(OUT, 'index.cjs');
const only = process.argv[2] ?? '';
const results: TestResult[] = [];

const missing = missingEditor();
if (missing === undefined) {
  await bundle();
  for (const setting of SETTINGS) await runSuite(setting);
} else {
  console.log(`SKIPPED: the tests inside the extension host, because ${missing}`);
}
const nFailed = results.filter(({ problem }) => problem !== undefined).length;
console.log(`\n${results.length - nFailed} passed, ${nFailed} failed`);
process.exitCode = nFailed > 0 ? 1 : 0;

async function bundle(): Promise<void> {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'test/host/index.ts')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** Opens an editor and waits until the suite has ended inside it. */
async function runSuite({ suite, workspace: makeWorkspace, options }: Setting): Promise<void> {
  const workspace = makeWorkspace?.();
  let opening: Promise<Editor> | undefined;
  const page = async () => (await opening!).page;
  let end = (): void => undefined;
  const ended = new Promise<void>((done) => (end = done));
  const server = await serveCalls({
    begin() {
      console.log(`\n${suite}`);
      return { suite, only };
    },
    async report(result) {
      print(result);
      if (result.problem !== undefined)
        await (await page()).screenshot({ path: join(OUT, `${fileName(result.name)}.png`) });
    },
    end: () => end(),
    async act(name, args) {
      const actions = pageActions(await page()) as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
      return actions[name]!(...args);
    },
  } satisfies OuterCalls);
  process.env[ADDRESS] = server.url;
  try {
    opening = startEditor({ ...options, ...(workspace === undefined ? {} : { workspace }), tests: BUNDLE });
    const editor = await opening;
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const code = await Promise.race([ended, editor.testsEnded]);
    if (code !== undefined) {
      const problem = `the extension host ended with code ${code}:\n${editor.printed.slice(-20).join('\n')}`;
      print({ name: suite, ms: 0, problem });
    }
    await editor.stop();
  } finally {
    server.close();
    if (workspace !== undefined) await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Counts and prints a result. */
function print(result: TestResult): void {
  results.push(result);
  const { name, ms, problem } = result;
  console.log(`  ${problem === undefined ? 'passed' : 'FAILED'}  ${name} (${(ms / 1000).toFixed(1)} s)`);
  if (problem !== undefined) console.log(problem.replaceAll(/^/gm, '          '));
}

function fileName(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}
