/**
 * How well a dry run foretells: for each of three configurations the estimate, then the run itself, and their ratio.
 *
 *   npx tsx test/bench/probe.ts ESCI_FOLDER OUTPUT_FOLDER
 *
 * Time is that of the whole run; memory the highest resident size that its events report; disk the largest size of its folder, looked at
 * every quarter of a second. Needs a build; a machine that is equally busy throughout.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from '../../src/process/find-node.ts';
import { probeExperiment } from '../../src/process/probe-experiment.ts';
import { totalMs } from '../../src/protocol/probe.ts';
import { createRun } from '../../src/runs/create-run.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';

const [esciFolder, outputFolder] = process.argv.slice(2);
if (esciFolder === undefined || outputFolder === undefined)
  throw new Error('usage: probe.ts ESCI_FOLDER OUTPUT_FOLDER');
const output = resolve(outputFolder);
const script = fileURLToPath(new URL('../../dist/trainer.js', import.meta.url));
const real = JSON.stringify(resolve(esciFolder));
const toTheEnd = 'early_stopping_patience: 1000';

/** Name → the YAML below `model.name`. */
const CONFIGURATIONS = {
  'bi-encoder, generated data': [
    'model: { name: "bundled:all-MiniLM-L6-v2", type: bi-encoder }',
    'data: { uri: "bundled:quickstart" }',
    `hyperparameters: { num_epochs: 1, batch_size: 32, max_length: 64, loss_function: cosine-MSE, ${toTheEnd} }`,
  ],
  'cross-encoder, real data': [
    'model: { name: "bundled:all-MiniLM-L6-v2", type: cross-encoder }',
    `data: { uri: ${real}, version: all }`,
    `hyperparameters: { num_epochs: 1, batch_size: 32, max_length: 128, eval_steps: 30, ${toTheEnd} }`,
  ],
  'cross-encoder with a frozen encoder, small batches': [
    'model: { name: "bundled:all-MiniLM-L6-v2", type: cross-encoder }',
    `data: { uri: ${real}, version: all, max_queries: 40 }`,
    `hyperparameters: { num_epochs: 2, batch_size: 8, max_length: 48, eval_steps: 100, ${toTheEnd} }`,
    'training_blocks: [{ block_name: embeddings, training: false }, { block_name: encoder, training: false }]',
  ],
} as const;

mkdirSync(output, { recursive: true });
for (const [name, lines] of Object.entries(CONFIGURATIONS)) {
  const text = `${lines.join('\n')}\n`;
  const experimentFile = join(output, 'experiment.yml');
  const job = { kind: 'probe', text, experimentFile, runsFolder: output } as const;
  const report = await probeExperiment({ node: await findNode(), script, job });
  const { runDir } = await createRun(output, text, { name: 'probe', job: 'train', experimentFile });
  const { ms, diskBytes } = await run(runDir);
  const { events } = await readEvents(runDir);
  const memory = Math.max(...events.flatMap((event) => (event.type === 'system' ? [event.rss] : [])));
  console.log(name);
  show('time, s', totalMs(report) / 1000, ms / 1000);
  show('memory, MB', report.cost.memoryBytes / 1e6, memory / 1e6);
  show('disk, MB', report.cost.diskBytes / 1e6, diskBytes / 1e6);
  const at = (phase: string): number => events.find((e) => e.type === 'progress' && e.phase === phase)?.t ?? NaN;
  const started = events.find(({ type }) => type === 'started')!.t;
  const steps = events.flatMap((event) => (event.type === 'step' ? [event.ms] : []));
  const trained = events.find(({ type }) => type === 'trained')!.t;
  const stepsMs = steps.reduce((sum, step) => sum + step, 0);
  show('  steps, s', report.cost.trainMs / 1000, stepsMs / 1000);
  show('  dev, s', report.cost.evaluateMs / 1000, (trained - started - stepsMs) / 1000);
  show('  test, s', report.cost.testMs / 1000, (at('export') - trained) / 1000);
  rmSync(runDir, { recursive: true, force: true });
}

function show(what: string, estimate: number, actual: number): void {
  console.log(
    `  ${what.padEnd(12)} estimate ${estimate.toFixed(1)}, actual ${actual.toFixed(1)}, ratio ${(estimate / actual).toFixed(2)}`,
  );
}

function run(runDir: string): Promise<{ ms: number; diskBytes: number }> {
  const started = Date.now();
  const child = spawn(process.execPath, [script, JSON.stringify({ kind: 'train', runDir, resume: false })], {
    stdio: 'inherit',
  });
  let diskBytes = 0;
  const timer = setInterval(() => (diskBytes = Math.max(diskBytes, sizeOf(runDir))), 250);
  return new Promise((done, fail) => {
    child.once('exit', (code) => {
      clearInterval(timer);
      if (code === 0) done({ ms: Date.now() - started, diskBytes });
      else fail(new Error(`the run in ${runDir} ended with exit code ${code}`));
    });
  });
}

/** Bytes below a folder; what vanishes meanwhile counts nothing. */
function sizeOf(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const stat = statSync(path);
    return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size;
  } catch {
    return 0;
  }
}
