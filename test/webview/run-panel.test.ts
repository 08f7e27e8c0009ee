import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveRun } from '../../src/host/panels/serve-run.ts';
import { writeRecord, readRecord } from '../../src/runs/record.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { chromiumPath, startHarness } from './harness.ts';
import type { Harness, OpenOptions, OpenPanel } from './harness.ts';
import { makeLargeRankings } from './large-rankings.ts';
import { copyRecordedRuns } from '../runs/recorded.ts';
import { makeRun, trainingEvents } from './make-run.ts';

if (chromiumPath === undefined) console.warn('SKIPPED: no chromium found (set CHROMIUM); the panels were not tested.');

describe.skipIf(chromiumPath === undefined)('run panel', () => {
  let harness: Harness;
  let runs: string;
  let finished: string;
  let nRuns = 0;

  beforeAll(async () => {
    runs = await mkdtemp(join(tmpdir(), 'esci-lab-panels-'));
    harness = await startHarness();
    [finished] = await copyRecordedRuns(runs);
  });
  afterAll(async () => {
    await harness.close();
    await rm(runs, { recursive: true, force: true });
  });

  async function withPanel(
    runDir: string,
    check: (panel: OpenPanel) => Promise<void>,
    options: Partial<OpenOptions> = {},
  ): Promise<void> {
    const serve: OpenOptions['serve'] = (port) => serveRun(port, runDir);
    const panel = await harness.open({ panel: 'run', identity: { runDir }, serve, ...options });
    try {
      await check(panel);
      expect(panel.errors).toEqual([]);
    } finally {
      await panel.close();
    }
  }

  const newId = () => `made-${++nRuns}`;

  test('a finished run shows its headline, test table with interval, and queries', async () => {
    await withPanel(finished, async ({ page }) => {
      await page
        .locator('.headline-value')
        .getByText(/^[01]\.\d{4}$/)
        .waitFor();
      expect(await page.locator('.headline-label').textContent()).toBe('test ESCI nDCG');
      const head = await page.locator('section[aria-label=Test] thead th').allTextContents();
      expect(head).toEqual(['metric', 'random', 'BM25', 'pretrained', 'fine-tuned', 'Δ [95 %]', 'ideal']);
      const first = await page.locator('section[aria-label=Test] tbody tr').first().textContent();
      expect(first).toMatch(/ESCI nDCG.*[▲▼] [+−]0\.\d{4} \[[+−]0\.\d{4}, [+−]0\.\d{4}\]/);
      await page.locator('.vlist .q-words').first().waitFor();
      const [win, tie, loss] = await page.locator('.outcomes button').allTextContents();
      const sum = [win, tie, loss].reduce((n, text) => n + Number(text!.replace(/\D/g, '')), 0);
      expect(sum).toBe(60);
    });
  });

  test('the plots of a row begin at one height, also beside a legend of two lines', async () => {
    await withPanel(
      finished,
      async ({ page }) => {
        await page.locator('.chart .uplot').first().waitFor();
        const all = (selector: string, of: 'top' | 'height') =>
          page.evaluate<number[]>(
            `[...document.querySelectorAll('.charts ${selector}')].map((node) => node.getBoundingClientRect().${of})`,
          );
        const heights = await all('.chart-legend', 'height');
        expect(Math.max(...heights.slice(0, 2))).toBeGreaterThan(1.5 * Math.min(...heights.slice(0, 2)));
        const [titles, plots] = [await all('.chart-title', 'top'), await all('.chart-plot', 'top')];
        for (let i = 0; i + 1 < plots.length; i += 2) {
          expect(titles[i + 1]).toBe(titles[i]);
          expect(plots[i + 1]).toBe(plots[i]);
        }
      },
      { width: 1000 },
    );
  });

  describe('of a run with a baseline', () => {
    let compared: string;
    let base: string;
    beforeAll(async () => {
      const [baseline, id] = [newId(), newId()];
      base = await makeRun(runs, { id: baseline, nSteps: 40, status: 'finished', record: { name: 'the paper' } });
      compared = await makeRun(runs, { id, nSteps: 40, status: 'finished', seed: 4, baseline });
    });

    test('headline, test table and queries refer to it, and its name opens it', async () => {
      await withPanel(compared, async ({ page, acted }) => {
        await page.locator('.headline-rest').getByText('against the baseline').waitFor();
        const head = await page.locator('section[aria-label=Test] thead th').allTextContents();
        expect(head).toEqual(['metric', 'random', 'BM25', 'pretrained', 'baseline', 'fine-tuned', 'Δ [95 %]', 'ideal']);
        await page.locator('section[aria-label=Test]').getByText('Δ against the baseline the paper').waitFor();
        await page.getByRole('columnheader', { name: 'Δ [95 %]' }).focus();
        expect(await page.locator('.tooltip').textContent()).toContain('fine-tuned model minus the baseline the paper');
        const cells = await page.locator('section[aria-label=Test] tbody tr').first().locator('td').allTextContents();
        const [, , , before, after, change] = cells;
        const difference = /[+−]0\.\d{4}/.exec(change!)![0].replace('−', '-');
        expect(Number(after) - Number(before)).toBeCloseTo(Number(difference), 3);
        await page.getByRole('button', { name: 'the paper' }).click();
        await expect.poll(() => acted).toEqual([{ action: 'openRun', runId: basename(base) }]);
      });
    });

    test('the test table fits 900 px; where it does not, metrics and what is cut off stay in sight', async () => {
      const right = (selector: string) =>
        `document.querySelector('section[aria-label=Test] ${selector}').getBoundingClientRect().right`;
      await withPanel(
        compared,
        async ({ page }) => {
          await page.locator('section[aria-label=Test] tbody td').last().waitFor();
          const box = await page.evaluate<number>(right('.table-scroll'));
          expect(await page.evaluate<number>(right('tbody tr td:last-child'))).toBeLessThanOrEqual(box);
          expect(await page.locator('.table-scroll.has-more').count()).toBe(0);
        },
        { width: 900 },
      );
      await withPanel(
        compared,
        async ({ page }) => {
          const scroll = page.locator('section[aria-label=Test] .table-scroll');
          await scroll.and(page.locator('.has-more')).waitFor();
          const metric = page.locator('section[aria-label=Test] tbody th').first();
          const before = (await metric.boundingBox())?.x;
          await scroll.evaluate((box) => ((box as { scrollLeft: number }).scrollLeft = 10_000));
          await scroll.and(page.locator(':not(.has-more)')).waitFor();
          expect((await metric.boundingBox())?.x).toBe(before);
        },
        { width: 500 },
      );
    });

    test('a query compares with it, with the pretrained model, and with BM25', async () => {
      await withPanel(compared, async ({ page }) => {
        await page.locator('.vlist [data-index="0"] .q-words').click();
        const left = page.locator('.ranking .is-left');
        const places = async () => left.locator('.product-title').allTextContents();
        await left.locator('ol[aria-label="Ranking of the baseline model"]').waitFor();
        const before = await places();
        expect(await left.getByRole('radio').allTextContents()).toEqual(['baseline', 'pretrained', 'BM25']);
        await left.getByRole('radio', { name: 'baseline' }).focus();
        await page.keyboard.press('ArrowRight');
        await left.locator('ol[aria-label="Ranking of the pretrained model"]').waitFor();
        expect(await places()).not.toEqual(before);
        expect((await places()).sort()).toEqual(before.sort());
        // The keyboard stays on the choice.
        await page.keyboard.press('ArrowLeft');
        await left.locator('ol[aria-label="Ranking of the baseline model"]').waitFor();
      });
    });

    test('that is gone still says its id, without a link', async () => {
      const orphan = await makeRun(runs, { id: newId(), nSteps: 40, status: 'finished', seed: 4, baseline: 'gone-1' });
      await withPanel(orphan, async ({ page }) => {
        await page.locator('.headline-rest').getByText('against the baseline gone-1').waitFor();
        expect(await page.getByRole('button', { name: 'gone-1' }).count()).toBe(0);
      });
    });
  });

  test('a definition shows on focus and Esc hides it', async () => {
    await withPanel(finished, async ({ page }) => {
      await page.locator('section[aria-label=Test] tbody th').first().focus();
      expect(await page.locator('.tooltip').textContent()).toContain('log2(rank + 1)');
      await page.keyboard.press('Escape');
      expect(await page.locator('.tooltip').count()).toBe(0);
    });
  });

  test('a query opens inline by keyboard to both rankings, and closes', async () => {
    await withPanel(finished, async ({ page }) => {
      await page.locator('.vlist [data-index="0"] .q-words').waitFor();
      await page.locator('.vlist [data-index="0"]').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('.ranking').waitFor();
      const sides = await page.locator('.ranking ol').count();
      expect(sides).toBe(2);
      const products = await page.locator('.is-right .product').count();
      expect(await page.locator('.joins path').count()).toBe(products);
      expect(await page.locator('.ranking b').count()).toBeGreaterThan(0);
      await page.locator('.is-right .product').first().hover();
      expect(await page.locator('.product.is-lit').count()).toBe(2);
      await page.locator('.vlist [data-index="1"]').focus();
      await page.keyboard.press('Escape');
      await page.locator('.ranking').waitFor({ state: 'detached' });
    });
  });

  test('filter, outcome and sort reach all queries, not only the visible ones', async () => {
    await withPanel(finished, async ({ page }) => {
      await page.locator('.vlist .q-words').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('phone');
      const count = page.locator('section[aria-label=Queries] [role=status]');
      await count.getByText(/^\d+ of 60$/).waitFor();
      for (const text of await page.locator('.vlist .q-words').allTextContents()) expect(text).toContain('phone');
      await page.locator('vscode-text-field input').fill('');
      await count.getByText('60', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Only queries that became worse' }).click();
      await count.getByText(/^\d+ of 60$/).waitFor();
      const deltas = await page.locator('.vlist .q-delta').allTextContents();
      expect(deltas.length).toBeGreaterThan(0);
      for (const text of deltas) expect(text).toMatch(/^(−|0\.0000)/);
    });
  });

  test('the machine shows its GPU and that one’s memory, where the run tells of them', async () => {
    const onGpu = await makeRun(runs, { id: newId(), nSteps: 60, status: 'finished', nCopies: 0, hasGpu: true });
    const legend = async (runDir: string) => {
      let labels: string[] = [];
      await withPanel(runDir, async ({ page }) => {
        const chart = page.locator('.chart', { hasText: 'Machine' });
        await chart.locator('canvas').waitFor();
        labels = await chart.locator('.legend-entry').allInnerTexts();
      });
      return labels.map((text) => text.replaceAll(/\s+/g, ' ').trim());
    };
    expect(await legend(onGpu)).toEqual([
      expect.stringMatching(/^cpu \d+ %$/),
      expect.stringMatching(/^memory 1\.0 GB$/),
      expect.stringMatching(/^GPU \d+ %$/),
      'GPU memory 5.2 GB',
    ]);
    expect(await legend(finished)).toHaveLength(2);
  });

  test('gains and losses come largest first, unless another order was chosen', async () => {
    await withPanel(finished, async ({ page }) => {
      await page.locator('.vlist .q-words').first().waitFor();
      const deltas = async () => {
        const texts = await page.locator('.vlist .q-delta').allTextContents();
        return texts.map((text) => Number(text.replace('−', '-')));
      };
      await page.getByRole('button', { name: 'Only queries that became better' }).click();
      await expect.poll(async () => Math.min(...(await deltas()))).toBeGreaterThanOrEqual(0);
      const gains = await deltas();
      expect(gains[0]).toBeGreaterThan(gains.at(-1)!);
      expect(gains).toEqual(gains.toSorted((a, b) => b - a));
      await page.getByRole('button', { name: 'Only queries that became worse' }).click();
      await expect.poll(async () => Math.max(...(await deltas()))).toBeLessThanOrEqual(0);
      const losses = await deltas();
      expect(losses).toEqual(losses.toSorted((a, b) => a - b));
      await page.getByRole('columnheader', { name: 'query' }).getByRole('button').click();
      await page.getByRole('button', { name: 'Only queries that became better' }).click();
      await page.locator('[role=columnheader][aria-sort=ascending]', { hasText: 'query' }).waitFor();
    });
  });

  test('axis, smoothing and log apply and come back after a reload, with open queries', async () => {
    let kept: unknown;
    await withPanel(finished, async ({ page, state }) => {
      await page.locator('.vlist .q-words').first().waitFor();
      await page.getByRole('radio', { name: 'epoch' }).click();
      await page.locator('.vlist [data-index="2"]').click();
      await page.locator('.ranking').waitFor();
      await expect.poll(async () => ((await state()) as { xMode: string; expanded: string[] }).expanded.length).toBe(1);
      kept = await state();
    });
    await withPanel(
      finished,
      async ({ page }) => {
        await page.locator('.ranking').waitFor();
        expect(await page.getByRole('radio', { name: 'epoch' }).getAttribute('aria-checked')).toBe('true');
      },
      { state: kept },
    );
  });

  test('zoom by keyboard applies to all charts, and Show all ends it', async () => {
    await withPanel(finished, async ({ page, state }) => {
      await page.locator('.chart canvas').first().waitFor();
      await page.locator('.chart-plot').nth(2).focus();
      await page.keyboard.press('+');
      await expect.poll(async () => ((await state()) as { zoom: number[] | null }).zoom).not.toBeNull();
      await page.getByRole('button', { name: 'Show all' }).click();
      await expect.poll(async () => ((await state()) as { zoom: number[] | null }).zoom).toBeNull();
    });
  });

  test('exports: CSV has every step, SVG every chart, PNG is one', async () => {
    await withPanel(finished, async ({ page, saved }) => {
      await page.locator('.chart canvas').first().waitFor();
      for (const format of ['CSV', 'SVG', 'PNG']) await page.getByRole('button', { name: `as ${format}` }).click();
      await expect.poll(() => saved.length).toBe(3);
      const [csv, svg, png] = saved.map(({ content }) => Buffer.from(content));
      expect(csv!.toString().trim().split('\n')).toHaveLength(30);
      expect(svg!.toString().match(/<g /g)).toHaveLength(6);
      expect([...png!.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    });
  });

  test('a running run grows while it is watched, and its test table appears by itself', async () => {
    const runDir = await makeRun(runs, { id: newId(), nSteps: 400, nDone: 60, status: 'running' });
    const events = trainingEvents({ id: 'x', nSteps: 400, status: 'running' }, 72);
    const at = events.findIndex((event) => event.type === 'step' && event.step === 60) + 1;
    await withPanel(runDir, async ({ page }) => {
      await page.locator('.facts').getByText('step 60 / 400').waitFor();
      await appendFile(
        runPaths.events(runDir),
        events
          .slice(at, at + 40)
          .map((e) => `${JSON.stringify(e)}\n`)
          .join(''),
      );
      await page
        .locator('.facts')
        .getByText(/step (8|9)\d \/ 400/)
        .waitFor({ timeout: 2000 });
      expect(Number(await page.evaluate('document.body.dataset.lagMs'))).toBeLessThan(500);
    });
  });

  test('a resumed run drops what the resume made void', async () => {
    const runDir = await makeRun(runs, { id: newId(), nSteps: 400, nDone: 60, status: 'running' });
    await withPanel(runDir, async ({ page }) => {
      await page.locator('.facts').getByText('step 60 / 400').waitFor();
      await appendFile(
        runPaths.events(runDir),
        `${JSON.stringify({ type: 'resumed', t: Date.now(), fromStep: 54, pid: 2 })}\n`,
      );
      await page.locator('.facts').getByText('step 54 / 400').waitFor();
    });
  });

  test('a failure says what, where and what next; its buttons ask for the log and for a report', async () => {
    const problem = { code: 'x', message: 'The loss is NaN.', where: 'step 41', next: 'Lower the learning rate.' };
    const runDir = await makeRun(runs, { id: newId(), nSteps: 400, nDone: 40, status: 'failed', record: { problem } });
    await withPanel(runDir, async ({ page, acted }) => {
      await page.locator('.notice-error').getByText('The loss is NaN.').waitFor();
      expect(await page.locator('.notice-error .notice-detail').textContent()).toBe(
        'step 41 · Lower the learning rate.',
      );
      await page.locator('.notice-error').getByText('Show Log').click();
      await page.locator('.notice-error').getByText('Report…').click();
      await expect.poll(() => acted).toEqual([{ action: 'showLog' }, { action: 'reportProblem' }]);
    });
  });

  test('a run that ended before its first step promises no curve and no headline', async () => {
    const problem = { code: 'x', message: 'The column "query" is missing.' };
    const runDir = await makeRun(runs, { id: newId(), nSteps: 400, nDone: 0, status: 'failed', record: { problem } });
    await withPanel(runDir, async ({ page }) => {
      await page.locator('.notice-error').getByText('The column "query" is missing.').waitFor();
      expect(await page.locator('.charts-section').isVisible()).toBe(false);
      expect(await page.locator('.headline').isVisible()).toBe(false);
      expect(await page.locator('section[aria-label=Test]').innerText()).toContain('Start it again to get them.');
    });
  });

  test('a run that stopped early says so, and which step was best', async () => {
    const trained = { type: 'trained', t: 1e13, step: 40, reason: 'early stopping', bestStep: 20 } as const;
    const made = { id: newId(), nSteps: 400, nDone: 40, status: 'running', extra: [trained] } as const;
    await withPanel(await makeRun(runs, made), async ({ page }) => {
      await page.locator('.facts').getByText('stopped early at step 40 / 400 · best at step 20').waitFor();
    });
  });

  test('a run whose process is gone shows as crashed; another status shows when the record changes', async () => {
    const process = { pid: 2 ** 22 - 3, startTime: '1', host: (await import('node:os')).hostname() };
    const runDir = await makeRun(runs, { id: newId(), nSteps: 400, nDone: 40, status: 'running', record: { process } });
    await withPanel(runDir, async ({ page }) => {
      await page.locator('.status').getByText('crashed').waitFor();
      await writeRecord(runDir, { ...(await readRecord(runDir)), status: 'stopped' });
      await page.locator('.status').getByText('stopped').waitFor();
    });
  });

  test('a folder that is no run says so', async () => {
    await withPanel(join(runs, 'nowhere'), async ({ page }) => {
      await page.getByText('This is not a run folder').waitFor();
    });
  });

  test('no width makes the page scroll sideways', async () => {
    for (const width of [320, 900, 2560]) {
      await withPanel(
        finished,
        async ({ page }) => {
          await page.locator('.vlist .q-words').first().waitFor();
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        },
        { width },
      );
    }
  });

  test('100,000 steps and 22,458 queries: quick frames, complete to the last row', async () => {
    const runDir = await makeRun(runs, { id: newId(), nSteps: 100_000, status: 'finished', nCopies: 0 });
    await makeLargeRankings(runDir, 22_458);
    await withPanel(runDir, async ({ page }) => {
      await page.locator('.facts').getByText('step 100,000 / 100,000').waitFor();
      await page.locator('.vlist [data-index="0"] .q-words').waitFor();
      const clock = await threadClock(page);
      const before = await clock();
      await page.evaluate(SMOOTH_40_TIMES);
      const msPerFrame = ((await clock()) - before) * (1000 / 40);
      console.log(
        `A frame that draws the charts in view of 100,000 steps: ${msPerFrame.toFixed(1)} ms of processor time`,
      );
      expect(msPerFrame).toBeGreaterThan(0.1);
      expect(msPerFrame).toBeLessThan(33);
      await page.locator('.vlist [data-index="0"]').focus();
      await page.keyboard.press('End');
      await page.locator('.vlist [data-index="22457"] .q-words').getByText('query 22457').waitFor();
    });
  });

  test('an unreadable experiment does not keep the rest from showing', async () => {
    const runDir = await makeRun(runs, { id: newId(), nSteps: 60, status: 'finished' });
    await writeFile(runPaths.experiment(runDir), 'model: [');
    await withPanel(runDir, async ({ page }) => {
      await page.locator('.vlist .q-words').first().waitFor();
      await page.locator('.code').getByText('model: [').waitFor();
    });
  });
});

/** Moves the smoothing slider in each of 40 frames, and every chart with it. */
const SMOOTH_40_TIMES = `new Promise((resolve) => {
  const slider = document.querySelector('input[type=range]');
  const next = (i) => {
    if (i === 40) return resolve();
    slider.value = String(0.3 + i / 100);
    slider.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => next(i + 1));
  };
  next(0);
})`;

/** Counts the seconds of processor time of the page's main thread; other work on the machine does not count. */
async function threadClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
}
