/** The other side of `readInChild`: a line of JSON for each file that is named. */
import { readAll } from './read-all.ts';

for (const path of process.argv.slice(2)) {
  const start = performance.now();
  const outcome = await readAll(path);
  const ms = Math.round(performance.now() - start);
  console.log(JSON.stringify({ ...outcome, path, ms, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
}
