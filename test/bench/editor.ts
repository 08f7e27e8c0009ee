/**
 * The extension in the real editor under load: `npm run bench:editor [-- SECONDS]`. 1,000 runs in the tree, 100,000 steps and 22,458 queries
 * in a panel, then 200 events a second into a run whose panel is open. Prints figures; `test/e2e/load.test.ts` holds bounds of processor time.
 * Processor times hold on a busy machine; times with "wall" in their name are of an idle one or mean little.
 */
import { loadavg } from 'node:os';
import { missingEditor } from '../e2e/editor.ts';
import { measureLoad } from './load/measure-load.ts';

const missing = missingEditor();
if (missing !== undefined) throw new Error(missing);
const seconds = Number(process.argv[2] ?? 60);
const load = { nRuns: 1000, nSteps: 100_000, nQueries: 22_458, eventsPerSecond: 200, seconds };
const busyBefore = loadavg()[0]!;
const report = await measureLoad(load);
const { frames, eventToPixel, shown } = report;
const ms = (value: number) => `${value.toFixed(1)} ms`;
const mb = ([from, to]: readonly [number, number]) => `${from.toFixed(0)} → ${to.toFixed(0)} MB`;

console.log(`Load of the machine before: ${busyBefore.toFixed(1)}`);
console.log(`Activation, wall, of ${report.activationMs.length} starts: ${report.activationMs.join(', ')} ms`);
for (const { name, seconds: took, hostTaskMs, hostWaitMs } of report.phases)
  console.log(`${name} (${took.toFixed(0)} s): longest task of the host ${ms(hostTaskMs)}, wall ${ms(hostWaitMs)}`);
console.log(`Drawing ${load.nSteps} steps: ${ms(frames.longCpuMs)} a frame, wall p95 ${ms(frames.longP95Ms)}`);
console.log(`While events come: frames, wall p95 ${ms(frames.liveP95Ms)}`);
console.log(`Event to pixel, wall: median ${ms(eventToPixel.medianMs)}, p95 ${ms(eventToPixel.p95Ms)}`);
console.log(`Memory while events come: host heap ${mb(report.hostHeap)}, host in all ${mb(report.hostRss)}`);
console.log(`Panel's heap: ${mb(report.panelHeap)}`);
console.log(`Shown: ${JSON.stringify(shown)} of ${JSON.stringify({ ...load, liveSteps: report.nLiveSteps })}`);
