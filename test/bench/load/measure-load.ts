/** Measures the extension in the real editor under load; what it shows is checked for completeness on the way. */
import { countText } from '../../../src/vocabulary/words/number.ts';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Frame, Page } from 'playwright-core';
import { startEditor } from '../../e2e/editor.ts';
import {
  drawnSteps,
  openContainer,
  palette,
  paletteThatAsks,
  panel,
  pickRow,
  treeRow,
} from '../../e2e/editor-actions.ts';
import { packagedVsix } from '../../e2e/packaged-vsix.ts';
import { clockExtension, samples } from './clock-extension.ts';
import type { HostSample } from './host-clock.ts';
import { LIVE, loadedWorkspace, LONG, N_FIRST, N_NEW, titleOf } from './loaded-workspace.ts';
import type { Load } from './loaded-workspace.ts';
import { eventToPixelMs, quantile, watchFrames } from './watch-frames.ts';

/** Of one phase: the extension host, and the page with what is in it. */
export interface PhaseReport {
  readonly name: string;
  readonly seconds: number;
  /** Longest task of the extension host in processor time, and the longest wait with all that the machine does. */
  readonly hostTaskMs: number;
  readonly hostWaitMs: number;
}

export interface LoadReport {
  /** Of each start of the window. */
  readonly activationMs: readonly number[];
  readonly phases: readonly PhaseReport[];
  /** Rows of the tree, points of the long run, queries in its table, points of the run that went on. */
  readonly shown: {
    readonly runs: number;
    readonly steps: number;
    readonly queries: number;
    readonly liveSteps: number;
  };
  /** Points that the run that went on has. */
  readonly nLiveSteps: number;
  readonly frames: { readonly longP95Ms: number; readonly liveP95Ms: number; readonly longCpuMs: number };
  readonly eventToPixel: { readonly medianMs: number; readonly p95Ms: number };
  /** Megabytes before and after the events came. */
  readonly hostHeap: readonly [number, number];
  readonly hostRss: readonly [number, number];
  readonly panelHeap: readonly [number, number];
}

const PATIENT = { timeout: 120_000 };
const N_SMOOTH = 40;
const N_STARTS = 5;

/** Runs all phases. Takes the load's seconds and about a minute more. */
export async function measureLoad(load: Load): Promise<LoadReport> {
  const workspace = await loadedWorkspace(load);
  const beside = mkdtempSync(join(tmpdir(), 'esci-lab-load-'));
  const clock = join(beside, 'host-clock.jsonl');
  const editor = await startEditor({
    workspace: workspace.folder,
    vsix: await packagedVsix(),
    unpacked: await clockExtension(join(beside, 'host-clock'), clock),
  });
  const { page } = editor;
  const phases: PhaseReport[] = [];
  async function phase<T>(name: string, act: () => Promise<T>): Promise<T> {
    const from = Date.now();
    const result = await act();
    await nextSample(clock);
    phases.push({
      name,
      ...summary(
        samples(clock).filter(({ t }) => t >= from),
        from,
      ),
    });
    return result;
  }
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await openContainer(page, 'ESCI Lab');
    const activationMs = [await activationTime(page)];
    while (activationMs.length < N_STARTS) {
      await page.reload();
      activationMs.push(await activationTime(page));
    }
    await phase(`${N_NEW} runs come to ${load.nRuns}, each changes once`, async () => {
      await workspace.addRuns();
      await treeRow(page, titleOf(N_NEW - 1))
        .first()
        .waitFor(PATIENT);
    });
    const runs = await phase('All runs filtered, shown again, scrolled to the end', () => scrollRuns(page));
    const long = await phase(`${load.nSteps} steps and ${load.nQueries} queries in a panel`, () =>
      lookAtLong(page, session, join(workspace.folder, 'long.csv')),
    );
    const live = await phase(`${load.eventsPerSecond} events a second for ${load.seconds} s`, async () => {
      const run = await openRun(page, LIVE);
      await run.locator('.facts', { hasText: 'step' }).waitFor(PATIENT);
      const stop = await watchFrames(run);
      const written = await workspace.write();
      const last = Math.max(...written.keys());
      await run.locator('.facts', { hasText: `step ${countText(last)}` }).waitFor(PATIENT);
      return { written, frames: await stop(), run };
    });
    const delays = eventToPixelMs(live.written, live.frames);
    const memory = samples(clock).filter(({ t }) => t >= Math.min(...live.written.values()));
    return {
      activationMs,
      phases,
      shown: {
        runs,
        steps: long.steps,
        queries: long.queries,
        liveSteps: await nDrawn(page, live.run, join(workspace.folder, 'live.csv')),
      },
      nLiveSteps: N_FIRST + live.written.size,
      frames: { ...long.frames, liveP95Ms: quantile(live.frames.intervals, 0.95) },
      eventToPixel: { medianMs: quantile(delays, 0.5), p95Ms: quantile(delays, 0.95) },
      hostHeap: ends(memory.map(({ heapBytes }) => heapBytes)),
      hostRss: ends(memory.map(({ rssBytes }) => rssBytes)),
      panelHeap: ends(live.frames.heap),
    };
  } finally {
    await editor.stop();
    await workspace.dispose();
    for (const folder of [workspace.folder, beside]) await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that loading and calling the extension took, as the editor itself says. */
async function activationTime(page: Page): Promise<number> {
  await treeRow(page, 'run 0').first().waitFor(PATIENT);
  await palette(page, 'Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'ESCI Lab' });
  const text = await row.filter({ hasText: /Activation: \d+/ }).innerText(PATIENT);
  // It lies over the window.
  await page.keyboard.press('Escape');
  await row.waitFor({ state: 'detached' });
  return Number(/Activation: (\d+)/.exec(text)![1]);
}

async function scrollRuns(page: Page): Promise<number> {
  await palette(page, 'ESCI Lab: Filter Runs');
  await page.locator('.quick-input-widget input').first().fill(LIVE);
  await page.keyboard.press('Enter');
  await treeRow(page, 'run 0')
    .first()
    .waitFor({ state: 'detached', ...PATIENT });
  await palette(page, 'ESCI Lab: Clear Filter');
  await treeRow(page, titleOf(0)).first().waitFor(PATIENT);
  const list = page.locator('.sidebar .monaco-list').first();
  await list.focus();
  await page.keyboard.press('End');
  const last = list.locator('.monaco-list-row.focused');
  await last.waitFor(PATIENT);
  return Number(await last.getAttribute('aria-posinset'));
}

/** Opens a run's panel from the palette, by a part of the run's id. */
export async function openRun(page: Page, name: string): Promise<Frame> {
  const wanted = { placeholder: 'Run to open', text: `-${name}-`, rowText: name };
  await paletteThatAsks(page, 'ESCI Lab: Open Run', wanted);
  await pickRow(page, name).first().click();
  return panel(page, name);
}

async function lookAtLong(page: Page, session: CDPSession, path: string) {
  const run = await openRun(page, LONG);
  await run.locator('.chart canvas').first().waitFor(PATIENT);
  await run.locator('.vlist [data-index="0"] .q-words').waitFor(PATIENT);
  const stop = await watchFrames(run);
  const cpu = await taskSeconds(session);
  await run.evaluate(SMOOTH);
  const longCpuMs = ((await taskSeconds(session)) - cpu) * (1000 / N_SMOOTH);
  const { intervals } = await stop();
  await run.locator('.vlist [data-index="0"]').focus();
  await page.keyboard.press('End');
  const last = run.locator('.vlist [aria-rowindex]').last();
  await run
    .locator('.vlist .q-words', { hasText: /^query \d+$/ })
    .last()
    .waitFor(PATIENT);
  const queries = Number(await last.getAttribute('aria-rowindex')) - 1;
  return {
    steps: await nDrawn(page, run, path),
    queries,
    frames: { longP95Ms: quantile(intervals, 0.95), longCpuMs },
  };
}

/** How many steps a run's panel draws, one after the other from the first. */
async function nDrawn(page: Page, run: Frame, path: string): Promise<number> {
  const steps = await drawnSteps(page, run, path);
  return steps.filter((step, i) => step === i + 1).length;
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
}

/** The clock writes by itself: the sample under way belongs to what was just done. */
async function nextSample(clock: string): Promise<void> {
  const n = samples(clock).length;
  while (samples(clock).length === n) await new Promise((done) => setTimeout(done, 50));
}

function summary(during: readonly HostSample[], from: number): Omit<PhaseReport, 'name'> {
  return {
    seconds: (Date.now() - from) / 1000,
    hostTaskMs: Math.max(...during.map(({ longestCpuMs }) => longestCpuMs)),
    hostWaitMs: Math.max(...during.map(({ longestMs }) => longestMs)),
  };
}

/** Lowest value of the first and of the last quarter, in megabytes: between two collections memory only grows. */
function ends(bytes: readonly number[]): [number, number] {
  const n = Math.max(1, Math.floor(bytes.length / 4));
  return [Math.min(...bytes.slice(0, n)) / 1e6, Math.min(...bytes.slice(-n)) / 1e6];
}

/** Moves the smoothing slider in each of some frames, and every chart with it. */
const SMOOTH = `new Promise((resolve) => {
  const slider = document.querySelector('input[type=range]');
  const next = (i) => {
    if (i === ${N_SMOOTH}) return resolve();
    slider.value = String(0.3 + i / 100);
    slider.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => next(i + 1));
  };
  next(0);
})`;
