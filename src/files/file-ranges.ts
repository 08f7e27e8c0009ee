import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { notAFile, readProblem } from './os-problem.ts';

/** A file that is open for reading parts of it, at positions up to 2⁵³. */
export interface FileRanges {
  /** In bytes, as it was at the opening. */
  readonly size: number;
  /** Fills `target` from `position` on; false when the file ends before. */
  read(position: number, target: Uint8Array): boolean;
  close(): void;
}

/** Bytes of one call to the system, which takes less than 2 GiB. */
const MOST_AT_ONCE = 2 ** 30;

/**
 * Opens a file of any size for reading by ranges. The caller closes it.
 * @throws ProblemError `cannot-read`, as do later reads
 */
export function openRanges(path: string): FileRanges {
  const guarded = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      throw readProblem(error, path);
    }
  };
  const stat = guarded(() => statSync(path));
  // Opening a pipe would wait for somebody to write into it.
  if (!stat.isFile()) throw notAFile(path);
  const { size } = stat;
  const file = guarded(() => openSync(path, 'r'));
  return {
    size,
    read: (position, target) =>
      guarded(() => {
        for (let done = 0; done < target.length;) {
          const n = readSync(file, target, done, Math.min(target.length - done, MOST_AT_ONCE), position + done);
          if (n === 0) return false;
          done += n;
        }
        return true;
      }),
    close: () => closeSync(file),
  };
}

/**
 * All of an ordinary file of at most `mostBytes`; `tooLarge` makes the error of a larger one from what was found.
 * @throws ProblemError `cannot-read`, and what `tooLarge` gives
 */
export function readWithin(path: string, mostBytes: number, tooLarge: (found: string) => Error): Buffer {
  const file = openRanges(path);
  try {
    if (file.size > mostBytes) throw tooLarge(`the file has ${file.size} bytes, at most ${mostBytes} are read`);
    const bytes = Buffer.alloc(file.size);
    file.read(0, bytes);
    return bytes;
  } finally {
    file.close();
  }
}
