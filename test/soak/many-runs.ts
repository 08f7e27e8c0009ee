import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listRuns } from '../../src/runs/list-runs.ts';
import { clockExtension } from '../bench/load/clock-extension.ts';
import { startEditor } from '../e2e/editor.ts';
import { openContainer, palette, startExperiment } from '../e2e/editor-actions.ts';
import { packagedVsix } from '../e2e/packaged-vsix.ts';
import { endTrainers, trainingWorkspace } from '../e2e/training-workspace.ts';
import { tinyExperiment } from '../trainer/tiny-run.ts';
import { lookAtHost, lookAtPage } from './look.ts';
import { Gathered } from './series.ts';
import type { Series } from './series.ts';

/** Runs after which their panels are closed, as a person does now and then. */
const CLOSE_EVERY = 5;
/** The clock of the host writes twice a second. */
const SAMPLED_MS = 1000;

/** Starts runs of five steps from the editor, each when the one before has ended; figures by hundreds of runs. */
export async function manyRuns(n: number): Promise<readonly Series[]> {
  const folder = trainingWorkspace();
  const fiveSteps = { num_epochs: 1, batch_size: 16, eval_steps: 2 };
  writeFileSync(join(folder, 'configs/five-steps.yml'), tinyExperiment('tiny/model', 'tiny/data', fiveSteps));
  const beside = mkdtempSync(join(tmpdir(), 'esci-lab-soak-'));
  const clock = join(beside, 'host-clock.jsonl');
  const editor = await startEditor({
    workspace: folder,
    vsix: await packagedVsix(),
    unpacked: await clockExtension(join(beside, 'host-clock'), clock),
  });
  try {
    const { page } = editor;
    await openContainer(page, 'ESCI Lab');
    const session = await page.context().newCDPSession(page);
    const gathered = new Gathered();
    for (let i = 1; i <= n; i++) {
      await startExperiment(page, 'five-steps');
      await untilFinished(join(folder, 'runs'), i);
      if (i % CLOSE_EVERY !== 0 && i !== n) continue;
      await palette(page, 'View: Close All Editors');
      await delay(SAMPLED_MS);
      gathered.add(i / 100, { ...lookAtHost(clock), ...(await lookAtPage(page, session)) });
    }
    return gathered.series();
  } finally {
    await editor.stop();
    await endTrainers(folder);
    for (const each of [folder, beside]) await rm(each, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Resolves once so many runs have finished. @throws Error when one ended otherwise */
async function untilFinished(runsFolder: string, n: number): Promise<void> {
  for (;;) {
    const runs = await listRuns(runsFolder);
    const statuses = runs.map((run) => (run.isReadable ? run.status : 'unreadable'));
    const other = statuses.find((status) => !['queued', 'running', 'finished'].includes(status));
    if (other !== undefined) throw new Error(`run ${n} is ${other}`);
    if (statuses.filter((status) => status === 'finished').length >= n) return;
    await delay(200);
  }
}
