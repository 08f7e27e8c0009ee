/**
 * Time and peak memory of `show` on long event logs, each read by a process of its own.
 *
 *   npm run build && npx tsx test/bench/event-log.ts
 *
 * A log of 230 MB as a run of 1.2 million steps leaves it, and one of 150 MB that is a single line without an end.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRun } from '../../src/runs/create-run.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { updateRecord } from '../../src/runs/record.ts';
import { evaluation, started, step } from '../unit/runs/events.ts';

const LOG_BYTES = 230e6;
const LINE_BYTES = 150e6;
const STEPS_PER_WRITE = 1000;

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** Told on the error output, because the program's own output is what is measured. */
const TELL_MEMORY = `data:text/javascript,process.on('exit',()=>console.error('rss',process.resourceUsage().maxRSS))`;

const LOGS = {
  '230 MB of events': writeSteps,
  '150 MB without a line end': writeLine,
} as const satisfies Record<string, (fd: number) => void>;

const folder = mkdtempSync(join(tmpdir(), 'esci-lab-bench-'));
for (const [name, write] of Object.entries(LOGS)) {
  const { runDir } = await createRun(folder, '', { name: 'long', job: 'train', experimentFile: 'long.yml' });
  await updateRecord(runDir, { status: 'stopped' });
  const fd = openSync(runPaths.events(runDir), 'w');
  write(fd);
  closeSync(fd);
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', TELL_MEMORY, cli, 'show', runDir], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  const megabytes = (Number(/^rss (\d+)$/m.exec(stderr)?.[1]) * 1024) / 1e6;
  console.log(`${name}: exit ${status}, ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
}
rmSync(folder, { recursive: true, force: true });

function writeSteps(fd: number): void {
  const line = (event: object) => `${JSON.stringify(event)}\n`;
  let bytes = writeSync(fd, line(started({ totalSteps: 2_000_000 })));
  for (let n = 1; bytes < LOG_BYTES; n += STEPS_PER_WRITE) {
    const steps = Array.from({ length: STEPS_PER_WRITE }, (_, i) =>
      line(step(n + i, { loss: 1 / (n + i), t: 1.7e12 + n + i })),
    );
    bytes += writeSync(fd, [...steps, line(evaluation(n + STEPS_PER_WRITE - 1))].join(''));
  }
}

function writeLine(fd: number): void {
  const piece = 'x'.repeat(1e6);
  for (let bytes = 0; bytes < LINE_BYTES;) bytes += writeSync(fd, piece);
}
