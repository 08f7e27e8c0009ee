/**
 * Records the real runs that tests of the terminal, the editor and the panels share: two trainings of the quickstart on fewer queries, which
 * differ in their learning rate. What no reader needs (model, checkpoints, the CSV of scores) and what names the machine is left out.
 *
 *   npm run build && npx tsx test/runs/record.ts
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../../src/protocol/run-record.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { RECORDED, RECORDED_RUNS } from './recorded.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const KEPT = ['experiment.yml', 'events.jsonl', 'rankings', 'run.json', 'trainer.log'];

rmSync(RECORDED, { recursive: true, force: true });
const work = mkdtempSync(join(tmpdir(), 'esci-lab-record-'));
for (const [id, rate] of Object.entries(RECORDED_RUNS)) {
  const runs = join(work, id);
  const options = ['data.max_queries=60', 'hyperparameters.eval_steps=4', `hyperparameters.learning_rate=${rate}`];
  const cli = [join(ROOT, 'dist/cli.js'), 'start', join(ROOT, 'configs/quickstart.yml'), '--runs', runs];
  execFileSync(process.execPath, [...cli, ...options.flatMap((option) => ['--set', option])], { stdio: 'inherit' });
  const from = join(runs, readdirSync(runs)[0]!);
  const to = join(RECORDED, id);
  mkdirSync(to, { recursive: true });
  for (const name of KEPT) cpSync(join(from, name), join(to, name), { recursive: true });
  const record = JSON.parse(readFileSync(runPaths.record(to), 'utf8')) as RunRecord;
  const neutral: RunRecord = {
    ...record,
    id,
    experimentFile: '/search/configs/quickstart.yml',
    process: { pid: record.process!.pid, startTime: 'recorded', host: 'recorded' },
  };
  const events = readFileSync(runPaths.events(to), 'utf8');
  writeFileSync(runPaths.events(to), events.replaceAll(record.id, id));
  writeFileSync(runPaths.record(to), `${JSON.stringify(neutral, null, 2)}\n`);
}
rmSync(work, { recursive: true, force: true });
