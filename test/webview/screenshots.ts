/** Takes pictures of the panels in every theme and width, for eyes: `npx tsx test/webview/screenshots.ts FOLDER [STATE]`. */
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveForm } from '../../src/host/form/serve-form.ts';
import { serveCompare } from '../../src/host/panels/serve-compare.ts';
import { serveRun } from '../../src/host/panels/serve-run.ts';
import { formDocument } from './form-document.ts';
import { startHarness } from './harness.ts';
import { EXPERIMENT, makeRun } from './make-run.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';

const folder = process.argv[2] ?? 'screenshots';
const only = process.argv[3];
await mkdir(folder, { recursive: true });
const runs = await mkdtemp(join(tmpdir(), 'esci-lab-panels-'));
const harness = await startHarness();

const cases = {
  finished: { id: '20260504-120000-quickstart-aaaaaa', nSteps: 405, status: 'finished' },
  baseline: {
    id: '20260504-130000-quickstart-dddddd',
    nSteps: 405,
    status: 'finished',
    seed: 4,
    baseline: '20260504-120000-quickstart-aaaaaa',
    record: { name: 'larger batches' },
  },
  failed: {
    id: '20260504-120000-quickstart-bbbbbb',
    nSteps: 405,
    nDone: 112,
    status: 'failed',
    record: {
      problem: {
        code: 'loss-not-finite',
        message: 'The loss is not finite (NaN) at step 113; expected a number.',
        where: 'step 113',
        next: 'Lower the learning rate or set max_grad_norm to 1, then resume.',
      },
    },
  },
  running: { id: '20260504-120000-quickstart-eeeeee', nSteps: 405, nDone: 230, status: 'running' },
  empty: { id: '20260504-120000-quickstart-cccccc', nSteps: 405, nDone: 0, status: 'stopped', nCopies: 0 },
} as const;

for (const [name, run] of Object.entries(cases)) {
  if (only !== undefined && !only.startsWith(name)) continue;
  if ('baseline' in run) await makeRun(runs, cases.finished);
  const runDir = await makeRun(runs, run);
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    for (const width of [320, 900, 1600]) {
      if (run.status !== 'finished' && (theme !== 'dark' || width === 1600)) continue;
      const panel = await harness.open({
        panel: 'run',
        identity: { runDir },
        theme,
        width,
        height: 1000,
        serve: (port) => serveRun(port, runDir),
      });
      await panel.page.locator('.head h1').first().waitFor();
      if (run.status === 'finished') {
        await panel.page.locator('.vlist .qrow .q-words').first().waitFor();
        await panel.page.locator('.vlist .qrow').nth(2).click();
        await panel.page.locator('.ranking').waitFor();
      }
      await panel.page.evaluate('scrollTo(0, 0)');
      await panel.page.waitForTimeout(400);
      await panel.page.screenshot({ path: join(folder, `run-${name}-${theme}-${width}.png`), fullPage: true });
      if (panel.errors.length > 0) console.log(name, theme, width, panel.errors);
      await panel.close();
    }
  }
}
if (only === undefined || only.startsWith('compare')) {
  const made = [
    { id: '20260504-120000-baseline-aaaaaa', nSteps: 405, status: 'finished', seed: 1 },
    {
      id: '20260504-130000-faster-bbbbbb',
      nSteps: 405,
      status: 'finished',
      seed: 2,
      experiment: EXPERIMENT.replace('2e-5', '5e-5'),
    },
    {
      id: '20260504-140000-short-cccccc',
      nSteps: 270,
      nDone: 180,
      status: 'failed',
      seed: 3,
      experiment: EXPERIMENT.replace('num_epochs: 3', 'num_epochs: 2'),
    },
  ] as const;
  for (const run of made) await makeRun(runs, { ...run, record: { name: run.id.split('-')[2]! } });
  const identity = { runsFolder: runs, runIds: made.map(({ id }) => id) };
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    for (const width of [320, 900, 1600]) {
      const panel = await harness.open({
        panel: 'compare',
        identity,
        theme,
        width,
        height: 900,
        serve: (port) => serveCompare(port, runs),
      });
      await panel.page.locator('.runs td.gain, .runs td.loss, .runs td').first().waitFor();
      await panel.page.waitForTimeout(1200);
      await panel.page.screenshot({ path: join(folder, `compare-${theme}-${width}.png`), fullPage: true });
      if (panel.errors.length > 0) console.log('compare', theme, width, panel.errors);
      await panel.close();
    }
  }
}
if (only === undefined || only.startsWith('form')) {
  const config = await readFile(new URL('../../configs/model_config.yml', import.meta.url), 'utf8');
  const texts = {
    form: `${config}evaluation:\n  metrics: [esci_ndcg, "mrr@10"]\nmy_team: search\n`,
    'form-problems': config.replace('batch_size : 64', 'batch_size : many').replace('"AdamW"', 'adam'),
    'form-broken': config.replace('"cross encoder"', '"cross encoder'),
  };
  for (const [name, text] of Object.entries(texts)) {
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      for (const width of [320, 900, 1600]) {
        if (name !== 'form' && width !== 900) continue;
        const document = formDocument(text);
        const panel = await harness.open({
          panel: 'form',
          identity: { uri: 'file:///x.yml' },
          theme,
          width,
          height: 900,
          serve: (port) => serveForm(port, document),
        });
        await panel.page.locator('.head h1').waitFor();
        await panel.page.waitForTimeout(400);
        await panel.page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        if (panel.errors.length > 0) console.log(name, theme, width, panel.errors);
        await panel.close();
      }
    }
  }
}
await harness.close();
