import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { spawnTrainer } from '../../src/process/spawn-trainer.ts';
import { clockExtension } from '../bench/load/clock-extension.ts';
import { LIVE, loadedWorkspace, writeEvenly } from '../bench/load/loaded-workspace.ts';
import { openRun } from '../bench/load/measure-load.ts';
import { ROOT, startEditor } from '../e2e/editor.ts';
import { openContainer } from '../e2e/editor-actions.ts';
import { packagedVsix } from '../e2e/packaged-vsix.ts';
import { newRun, tinyExperiment, writeTinyData, writeTinyModel } from '../trainer/tiny-run.ts';
import { lookAtHost, lookAtPage, lookAtProcess } from './look.ts';
import { Gathered } from './series.ts';
import type { Series } from './series.ts';

const EVENTS_PER_SECOND = 200;
const LOOK_EVERY_MS = 5000;
/** Until caches are filled and the panel has drawn once. */
const SETTLE_MS = 15_000;

/** Events at a pace into a run whose panel is open, beside a real trainer; figures by hours. */
export async function hourOfEvents(minutes: number): Promise<readonly Series[]> {
  const seconds = minutes * 60;
  const workspace = await loadedWorkspace({
    ...{ nRuns: 20, nSteps: 1000, nQueries: 100 },
    ...{ eventsPerSecond: EVENTS_PER_SECOND, seconds },
  });
  const beside = mkdtempSync(join(tmpdir(), 'esci-lab-soak-'));
  const clock = join(beside, 'host-clock.jsonl');
  const trainer = await endlessTrainer(beside);
  const editor = await startEditor({
    workspace: workspace.folder,
    vsix: await packagedVsix(),
    unpacked: await clockExtension(join(beside, 'host-clock'), clock),
  });
  try {
    const { page } = editor;
    await openContainer(page, 'ESCI Lab');
    const panel = await openRun(page, LIVE);
    const session = await page.context().newCDPSession(page);
    const gathered = new Gathered();
    const pace = { eventsPerSecond: EVENTS_PER_SECOND, seconds: seconds + SETTLE_MS / 1000 };
    const feeding = writeEvenly(workspace.live, pace, () => undefined);
    await delay(SETTLE_MS);
    const start = performance.now();
    for (let ms = 0; ms < seconds * 1000; ms = performance.now() - start) {
      if (!(await trainer.isAlive())) throw new Error('the trainer did not last');
      gathered.add(ms / 3_600_000, {
        ...lookAtHost(clock),
        ...(await lookAtPage(page, session)),
        ...(await lookAtPanel(panel)),
        ...lookAtProcess('trainer', trainer.pid),
        'feeder, memory': process.memoryUsage.rss(),
      });
      await delay(LOOK_EVERY_MS);
    }
    await feeding;
    return gathered.series();
  } finally {
    await editor.stop();
    await trainer.stop({ askMs: 0 });
    await workspace.dispose();
    for (const folder of [workspace.folder, beside]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A panel's own script memory, and how many elements it has. */
async function lookAtPanel(panel: Frame): Promise<Record<string, number>> {
  const [heap, elements] = await panel.evaluate<[number, number]>(
    '[performance.memory.usedJSHeapSize, document.querySelectorAll("*").length]',
  );
  return { 'panel, heap': heap, 'panel, elements': elements };
}

/** A real training that goes on until it is stopped, on one thread. */
async function endlessTrainer(folder: string) {
  const model = writeTinyModel(join(folder, 'model'));
  const data = writeTinyData(join(folder, 'data'), { train: 1200, dev: 4, test: 5 });
  const forEver = { num_epochs: 10_000, eval_steps: 2000, early_stopping_patience: 10_000 };
  const runDir = await newRun(join(folder, 'runs'), `${tinyExperiment(model, data, forEver)}threads: 1\n`);
  const node = { command: process.execPath, env: {}, source: 'own' } as const;
  return spawnTrainer({
    node,
    script: join(ROOT, 'dist/trainer.js'),
    job: { kind: 'train', runDir, resume: false },
    isResumed: false,
  });
}
