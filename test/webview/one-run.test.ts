/** One recorded run, told by terminal, tree and panel: they read the same folder and must say the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveRun } from '../../src/host/panels/serve-run.ts';
import { isReadable } from '../../src/host/runs/live-run.ts';
import { openLiveRuns } from '../../src/host/runs/live-runs.ts';
import { runItem } from '../../src/host/views/run-item.ts';
import { cli } from '../unit/cli/cli-run.ts';
import { copyRecordedRuns } from '../runs/recorded.ts';
import { chromiumPath, startHarness } from './harness.ts';
import type { Harness, OpenPanel } from './harness.ts';

if (chromiumPath === undefined) console.warn('SKIPPED: no chromium found (set CHROMIUM); the panels were not tested.');

const QUERY = 'iphone 13 pro cell case';

describe.skipIf(chromiumPath === undefined)('a recorded run', () => {
  let harness: Harness;
  let runsFolder: string;
  let runDir: string;
  let panel: OpenPanel;
  beforeAll(async () => {
    runsFolder = await mkdtemp(join(tmpdir(), 'esci-lab-one-run-'));
    [runDir] = await copyRecordedRuns(runsFolder);
    harness = await startHarness();
    panel = await harness.open({ panel: 'run', identity: { runDir }, serve: (port) => serveRun(port, runDir) });
  });
  afterAll(async () => {
    await panel.close();
    await harness.close();
    await rm(runsFolder, { recursive: true, force: true });
  });

  async function shown(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await cli(['show', basename(runDir), '--runs', runsFolder, ...args]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out;
  }

  test('has the same test table in the terminal and in the panel', async () => {
    const terminal = (await shown()).split('\n').filter((line) => /^(ESCI nDCG|\w+@10) /.test(line));
    const rows = panel.page.locator('section[aria-label=Test] tbody tr');
    await rows.first().waitFor();
    expect(terminal).toHaveLength(5);
    const numbers = (text: string): string[] => text.match(/[+−]?\d\.\d{4}/g) ?? [];
    expect((await rows.allInnerTexts()).map(numbers)).toEqual(terminal.map(numbers));
    for (const row of terminal.map(numbers)) expect(row).toHaveLength(8);
  });

  test('has the headline and difference of that table in the tree and in the terminal’s list', async () => {
    const runs = openLiveRuns({ onError: (error) => expect.unreachable(String(error)) });
    await runs.setFolders([runsFolder]);
    const live = runs.get(runDir)!;
    runs.dispose();
    if (!isReadable(live)) return expect.unreachable();
    const around = { baseline: undefined, placeInQueue: undefined, isStopping: false, now: live.run.record.endedAt! };
    const { description } = runItem(live, around);
    const table = await panel.page.locator('section[aria-label=Test] tbody tr').first().innerText();
    const [, , , fineTuned, delta] = table.match(/[+−]?\d\.\d{4}/g)!;
    expect(description).toContain(`${fineTuned!}  ▲ ${delta!}  synthetic`);
    expect(await panel.page.locator('.headline-value').innerText()).toBe(fineTuned);
    const { out } = await cli(['runs', '--runs', runsFolder]);
    expect(out.split('\n').find((line) => line.includes(basename(runDir)))).toContain(fineTuned);
  });

  test('ranks a query’s products alike in the terminal and in the panel, under both models', async () => {
    const { page } = panel;
    const terminal = (await shown('--query', QUERY)).split('\n').filter((line) => /^ *\d+ +[ESCI] /.test(line));
    await page.locator('vscode-text-field input').fill(QUERY);
    await page.locator('.vlist .q-words').getByText(QUERY, { exact: true }).click();
    await page.locator('.ranking').waitFor();
    const [left, right] = await Promise.all(
      ['.is-left', '.is-right'].map((side) => page.locator(`.ranking ${side} .product-title`).allInnerTexts()),
    );
    expect(left!.length).toBe(15);
    const sides = terminal.map((line) => /^ *\d+ +[ESCI] {2}(.*?) {2,}(?:[▲▼]\d+)? +[ESCI] {2}(.*?) *$/.exec(line)!);
    expect(left).toEqual(sides.map(([, before]) => before));
    expect(right).toEqual(sides.map(([, , after]) => after));
    expect(left).not.toEqual(right);
  });

  test('replays to the same curve whenever it is opened', async () => {
    const csv = async (opened: OpenPanel): Promise<string> => {
      await opened.page.locator('.chart canvas').first().waitFor();
      await opened.page.getByRole('button', { name: 'as CSV' }).click();
      await expect.poll(() => opened.saved.length).toBe(1);
      return Buffer.from(opened.saved[0]!.content).toString();
    };
    const again = await harness.open({ panel: 'run', identity: { runDir }, serve: (port) => serveRun(port, runDir) });
    expect(await csv(again)).toBe(await csv(panel));
    expect(again.errors).toEqual([]);
    await again.close();
  });
});
