/** Panels in headless Chromium: the real page, its real policy and the real host side, with a stand-in for the editor between. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../src/host/panels/panel-html.ts';
import { PANEL_ACTIONS } from '../../src/protocol/panels/actions.ts';
import type { PanelActionCalls } from '../../src/protocol/panels/actions.ts';
import { openServer } from '../../src/protocol/rpc.ts';
import type { Port } from '../../src/protocol/rpc.ts';
import { pageScript } from './page-script.ts';
import { themeOf } from './themes.ts';
import type { ThemeName } from './themes.ts';

const FOLDERS = ['dist/webview', '.cache/gallery'].map((path) => new URL(`../../${path}/`, import.meta.url).pathname);
const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a browser is; undefined when there is none, and the tests skip aloud. */
export const chromiumPath: string | undefined = CHROMIUM.find((path) => path !== undefined && existsSync(path));

export interface OpenOptions {
  /** A panel, or the page of all components. */
  readonly panel: 'run' | 'compare' | 'form' | 'gallery';
  readonly identity: object;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What the editor kept from before. */
  readonly state?: unknown;
  /** Starts the host side on the port. */
  readonly serve: (port: Port) => { dispose(): unknown };
}

export interface OpenPanel {
  readonly page: Page;
  /** Actions that the panel asked for, files that it saved. */
  readonly acted: Parameters<PanelActionCalls['act']>[0][];
  readonly saved: Parameters<PanelActionCalls['save']>[0][];
  /** Errors of the page: exceptions, console errors, violations of the policy. */
  readonly errors: string[];
  readonly state: () => Promise<unknown>;
  /** Until the page has the answer to every call that it made. */
  readonly answered: () => Promise<void>;
  close(): Promise<void>;
}

export interface Harness {
  open(options: OpenOptions): Promise<OpenPanel>;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

/** Starts the browser and a server of the built panels. */
export async function startHarness(): Promise<Harness> {
  const pages = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const html = pages.get(path);
    if (html !== undefined) return response.setHeader('content-type', 'text/html').end(html);
    Promise.any(FOLDERS.map((folder) => readFile(join(folder, path)))).then(
      (content) => response.setHeader('content-type', TYPES[path.split('.').at(-1)!] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  let nPages = 0;

  async function open({
    panel,
    identity,
    theme = 'dark',
    width = 900,
    height = 900,
    state,
    serve,
  }: OpenOptions): Promise<OpenPanel> {
    const path = `/page-${++nPages}`;
    const files = { scriptUri: `${base}/${panel}.js`, styleUri: `${base}/${panel}.css`, cspSource: base };
    pages.set(path, panelHtml({ title: panel, ...files, nonce: 'n0nce', identity }));
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme.endsWith('light') ? 'light' : 'dark',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const [acted, saved]: [OpenPanel['acted'], OpenPanel['saved']] = [[], []];
    const listeners = new Set<(message: unknown) => void>();
    let isClosed = false;
    let nUnanswered = 0;
    const port: Port = {
      post(message) {
        if (isClosed) return;
        void page
          .evaluate(`__fromHost(${JSON.stringify(encode(message))})`)
          .catch(() => undefined)
          .finally(() => (nUnanswered -= isOfKind(message, 'reply') ? 1 : 0));
      },
      listen(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    await page.exposeBinding('__toHost', (_source, text: string) => {
      const message = decode(text);
      if (isOfKind(message, 'call')) nUnanswered++;
      for (const listener of listeners) listener(message);
    });
    await page.addInitScript({ content: pageScript(themeOf(theme), state) });
    const data = serve(port);
    const actions = openServer(port, PANEL_ACTIONS, {
      act: (params) => (acted.push(params), {}),
      save: (params) => (saved.push(params), { isSaved: true }),
      diff: () => ({}),
    });
    await page.goto(base + path);
    return {
      page,
      acted,
      saved,
      errors,
      state: () => page.evaluate('__state'),
      async answered() {
        while (nUnanswered > 0) await delay(10);
      },
      async close() {
        isClosed = true;
        await data.dispose();
        actions.dispose();
        await context.close();
      },
    };
  }

  return {
    open,
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Typed arrays survive JSON as base64, as the editor's own channel keeps them. */
function isOfKind(message: unknown, kind: 'call' | 'reply'): boolean {
  return (message as { readonly kind?: unknown } | null)?.kind === kind;
}

function encode(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    value instanceof Float64Array
      ? { $f64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
      : value,
  );
}

function decode(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    const bytes = typeof value === 'object' && value !== null && '$u8' in value ? value.$u8 : undefined;
    return typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'base64')) : value;
  });
}
