import { startHeartbeat } from '../../src/trainer/heartbeat/heartbeat.ts';
import type { Heartbeat } from '../../src/trainer/heartbeat/heartbeat.ts';

/** The heartbeat of a run as its trainer starts it, with the thread's program of dist/: build first. */
export function startBuiltHeartbeat(runDir: string, everyMs?: number): Heartbeat {
  const program = new URL('../../dist/heartbeat.js', import.meta.url);
  return startHeartbeat(runDir, everyMs === undefined ? { program } : { program, everyMs });
}
