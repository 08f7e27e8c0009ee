/** Disk space that a run holds from its beginning, so that on a full disk it can still say why it ended. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { randomFillSync } from 'node:crypto';
import { runPaths } from './layout.ts';
import { writeProblem } from '../files/os-problem.ts';

/** Room for the last event, run.json beside its predecessor, and what a file system rounds up. */
const RESERVED_BYTES = 256 * 1024;

/**
 * Takes the space in a run folder; gives the way to let it go, which is to be called before the last words are written.
 * @throws ProblemError `disk-full`, `cannot-write`
 */
export function reserveSpace(runDir: string): () => void {
  const path = runPaths.reserve(runDir);
  const release = (): void => rmSync(path, { force: true });
  try {
    const fd = openSync(path, 'w');
    try {
      // Random bytes: a file system that compresses, or leaves out zeros, would keep no room.
      const bytes = randomFillSync(Buffer.alloc(RESERVED_BYTES));
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    release();
    throw writeProblem(error, path);
  }
  return release;
}
