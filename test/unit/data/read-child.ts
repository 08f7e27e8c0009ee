/** The other side of `readInChild`: a line of JSON for each file that is named. */
import { readAll } from './read-all.ts';

for (const path of process.argv.slice(2)) {
  const before = process.cpuUsage();
  const outcome = await readAll(path);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = Math.round((user + system) / 1000);
  console.log(JSON.stringify({ ...outcome, path, cpuMs, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
}
