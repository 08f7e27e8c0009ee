/**
 * What only shows after a long time: `npm run soak [-- --minutes 60 --runs 200]`. A run panel is open in the real editor while events
 * come and a real trainer trains; then runs of a few steps are started from the editor and end, one after the other. Memory, what is
 * held open and child processes are printed as they were at the start and at the end, with their slopes. Never part of the checks.
 */
import { parseArgs } from 'node:util';
import { missingEditor } from '../e2e/editor.ts';
import { hourOfEvents } from './hour-of-events.ts';
import { manyRuns } from './many-runs.ts';
import { printSeries } from './series.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    runs: { type: 'string', default: '200' },
  },
});
const [minutes, nRuns] = [Number(values.minutes), Number(values.runs)];
const missing = missingEditor();
if (missing !== undefined) throw new Error(missing);

if (minutes > 0) {
  const events = await hourOfEvents(minutes);
  printSeries(`200 events a second for ${minutes} minutes, a panel open, a trainer at work`, 'hour', events);
}
if (nRuns > 0) {
  const runs = await manyRuns(nRuns);
  printSeries(`${nRuns} runs of 5 steps, one after the other`, '100 runs', runs);
}
