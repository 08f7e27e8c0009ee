/** Trainers as a person meets them in the editor: found, queued, stopped, resumed, killed, failing; over a reload of the window. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { foldEvents, NO_EVENTS } from '../../src/protocol/run-state.ts';
import { listRuns } from '../../src/runs/list-runs.ts';
import type { RunEntry } from '../../src/runs/list-runs.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { missingEditor, startEditor } from './editor.ts';
import type { Editor } from './editor.ts';
import {
  compareRuns,
  drawnSteps,
  notifications,
  openContainer,
  openExperiment,
  openRun,
  palette,
  panel,
  pictureOfFailure,
  rowMenu,
  screenshots,
  startExperiment,
  treeRow,
} from './editor-actions.ts';
import { endTrainers, startInTerminal, trainingWorkspace } from './training-workspace.ts';

const missing = missingEditor();
if (missing !== undefined) console.warn(`SKIPPED: trainers in the real editor, because ${missing}`);

/** For what a trainer or the window does by itself, on a busy machine. */
const SOON = { timeout: 60_000 };
const STEP = /step ([\d,]+) \/ /;

describe.skipIf(missing !== undefined)('trainers in the editor', () => {
  let folder: string;
  let editor: Editor;
  let page: Page;
  let inTerminal: Promise<number | null>;
  beforeAll(async () => {
    folder = trainingWorkspace();
    editor = await startEditor({ workspace: folder });
    page = editor.page;
    await openContainer(page, 'ESCI Lab');
  });
  afterAll(async () => {
    await editor.stop();
    await endTrainers(folder);
    await rm(folder, { recursive: true, force: true });
  });

  afterEach((context) => pictureOfFailure(page, context));

  async function runOf(experiment: string): Promise<RunEntry> {
    const run = (await listRuns(join(folder, 'runs'))).find((r) => r.isReadable && r.record.name === experiment);
    if (run?.isReadable !== true) throw new Error(`There is no run of ${experiment}`);
    return run;
  }

  it('shows a run of a terminal as it goes', async () => {
    inTerminal = startInTerminal(folder, 'in-terminal');
    await treeRow(page, 'in-terminal').first().waitFor(SOON);
    await expect.poll(() => treeRow(page, 'in-terminal').first().innerText(), SOON).toMatch(/0 %\s+dev 0\.\d{4}/);
    const run = await openRun(page, treeRow(page, 'in-terminal').first(), 'in-terminal');
    const step = await stepOf(run);
    await expect.poll(() => stepOf(run), SOON).toBeGreaterThan(step + 20);
  });

  it('stops it from its row: the terminal hears that it can be resumed', async () => {
    const row = treeRow(page, 'in-terminal').first();
    const stop = row.locator('a.action-label[aria-label^="Stop"]');
    // The row is drawn anew several times a second: a press and its release may meet two drawings.
    const pressStop = async () => {
      await row.hover();
      await stop.click({ timeout: 1000 }).catch(() => undefined);
      return row.innerText();
    };
    await expect.poll(pressStop, SOON).toContain('stopp');
    expect(await inTerminal).toBe(3);
    await expect.poll(() => row.innerText(), SOON).toMatch(/stopped at step \d+/);
    expect((await runOf('in-terminal')).status).toBe('stopped');
  });

  it('lets a second run wait for the first', async () => {
    await startExperiment(page, 'endless');
    const run = await panel(page, 'endless');
    await run.locator('.status', { hasText: 'training' }).waitFor(SOON);
    await startExperiment(page, 'tiny');
    await expect.poll(() => treeRow(page, 'tiny').first().innerText(), SOON).toContain('next');
    expect((await runOf('tiny')).status).toBe('queued');
    await screenshots(page, 'queue');
  });

  it('goes on over a reload of the window, in both panels, and keeps the queue', async () => {
    const before = await stepOf(await openRun(page, treeRow(page, 'endless').first(), 'endless'));
    await compareRuns(page, [
      ['endless', 0],
      ['in-terminal', 0],
    ]);
    await panel(page, 'Compare 2 runs');
    await palette(page, 'View: Move Editor into Next Group');
    const reloaded = page.waitForEvent('load', SOON);
    await palette(page, 'Developer: Reload Window');
    await reloaded;
    await page.locator('.monaco-workbench .statusbar').waitFor(SOON);
    const run = await panel(page, 'endless');
    const compare = await panel(page, 'Compare 2 runs');
    await expect.poll(() => stepOf(run), SOON).toBeGreaterThan(before);
    const rate = compare.locator('.chart-plot[aria-label^="Learning rate, last values"]');
    const atFirst = await rate.getAttribute('aria-label');
    await expect.poll(() => rate.getAttribute('aria-label'), SOON).not.toBe(atFirst);
    await expect.poll(() => treeRow(page, 'tiny').first().innerText(), SOON).toContain('next');
    await screenshots(page, 'after-reload');
  });

  it('stops a run from its panel, up to the last step that was written; the one that waits starts and finishes', async () => {
    const run = await panel(page, 'endless');
    await run.locator('vscode-button', { hasText: 'Stop' }).click();
    await run.locator('.status', { hasText: 'stopped' }).waitFor(SOON);
    await expect
      .poll(() => treeRow(page, 'tiny').first().innerText(), { timeout: 120_000 })
      .toMatch(/0\.\d{4}\s+[▲▼=]/);
    expect((await runOf('tiny')).status).toBe('finished');

    const { runDir } = await runOf('endless');
    const { events } = await readEvents(runDir);
    const steps = events.flatMap((event) => (event.type === 'step' ? event.step : []));
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    await expect.poll(() => stepOf(run), SOON).toBe(steps.length);
    expect(steps.length).toBeGreaterThan(100);
    expect(await drawnSteps(page, run, join(folder, 'drawn.csv'))).toEqual(steps);
  });

  it('resumes it from its panel, from where it was', async () => {
    const { runDir } = await runOf('endless');
    const run = await panel(page, 'endless');
    const before = await stepOf(run);
    await run.locator('vscode-button', { hasText: 'Resume' }).first().click();
    await expect.poll(() => stepOf(run), SOON).toBeGreaterThan(before + 20);
    const { events } = await readEvents(runDir);
    expect(events.find((event) => event.type === 'resumed')).toMatchObject({ fromStep: before });
  });

  it('says of a killed trainer that it crashed, and resumes it without a gap', async () => {
    const { runDir, record } = await runOf('endless');
    process.kill(record.process!.pid, 'SIGKILL');
    const row = treeRow(page, 'endless').first();
    await expect.poll(() => row.innerText(), SOON).toContain('ended without a word');
    const run = await panel(page, 'endless');
    await run.locator('.notice-error', { hasText: 'The trainer ended without a word.' }).waitFor(SOON);
    await screenshots(page, 'crashed');
    const before = await stepOf(run);
    await rowMenu(page, row, 'Resume');
    await expect.poll(() => stepOf(run), SOON).toBeGreaterThan(before + 20);
    await rowMenu(page, row, 'Stop');
    await expect.poll(() => row.innerText(), SOON).toMatch(/stopped at step \d+/);
    const { events } = await readEvents(runDir);
    const steps = foldEvents(NO_EVENTS, events).steps.step;
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('says in words why a run failed, with the log one click away', async () => {
    const reason = /column "query" is missing/;
    await startExperiment(page, 'failing');
    const run = await panel(page, 'failing');
    await run.locator('.notice-error', { hasText: reason }).waitFor(SOON);
    await expect.poll(() => treeRow(page, 'failing').first().innerText(), SOON).toMatch(reason);
    await screenshots(page, 'failed');
    const [newest] = await notifications(page);
    expect(newest).toContain('failing failed: The column "query" is missing');
    // There is no checkpoint yet to go on from.
    expect(newest).toContain('Show Log');
    expect(newest).not.toContain('Resume');
    await run.locator('vscode-button', { hasText: 'Show Log' }).click();
    await page.locator('.tab.active', { hasText: 'trainer.log' }).waitFor();
    await page.locator('.view-line', { hasText: '"query"' }).first().waitFor();
  });

  it('leaves what a person writes alone when a run fails', async () => {
    await openExperiment(page, 'tiny');
    await page.locator('.view-line', { hasText: 'hyperparameters' }).click();
    expect(await startInTerminal(folder, 'failing')).toBe(2);
    await expect.poll(() => treeRow(page, 'failing').count(), SOON).toBe(3);
    await page.keyboard.type('# still here');
    await page.locator('.view-line', { hasText: 'still' }).waitFor();
    await page.locator('.tab.active', { hasText: 'tiny.yml' }).waitFor();
  });
});

async function stepOf(run: Frame): Promise<number> {
  const text = await run.locator('.facts', { hasText: STEP }).innerText();
  return Number(STEP.exec(text)![1]!.replaceAll(',', ''));
}
