import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { openRanges } from './file-ranges.ts';
import { writeProblem } from './os-problem.ts';

/** Size and SHA-256 (hex) of a file: what tells a torn or changed one. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Bytes that are hashed and written at once: node takes 2 GiB at most in a call, and caches like little. */
const SLICE = 2 ** 22;

/** A file that is being written. */
export interface HashedWriter {
  write(part: Uint8Array): void;
  /** Syncs and closes it. */
  finish(): FileDigest;
  /** Closes it and removes what was written: there is no half of a file. */
  abandon(): void;
}

/**
 * Opens a file to be written from its parts, of any size, one after the other, and hashed on the way. Not atomic: write into a temporary
 * folder or name and rename.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`, as do later calls
 */
export function openHashedFile(path: string): HashedWriter {
  const orProblem = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      throw writeProblem(error, path);
    }
  };
  const file = orProblem(() => openSync(path, 'w'));
  const hash = createHash('sha256');
  let bytes = 0;
  let isOpen = true;
  const close = (): void => {
    isOpen = false;
    closeSync(file);
  };
  return {
    write: (part) =>
      orProblem(() => {
        for (let start = 0; start < part.length; start += SLICE) {
          const slice = part.subarray(start, start + SLICE);
          hash.update(slice);
          for (let done = 0; done < slice.length;) done += writeSync(file, slice, done);
        }
        bytes += part.length;
      }),
    finish: () =>
      orProblem(() => {
        fsyncSync(file);
        close();
        return { bytes, sha256: hash.digest('hex') };
      }),
    abandon: () => {
      // Frees the space at once. A device such as /dev/full stays.
      const isFile = isOpen && fstatSync(file).isFile();
      if (isOpen) close();
      if (isFile) rmSync(path, { force: true });
    },
  };
}

/**
 * Writes a file from its parts, as `openHashedFile`. What cannot be written whole is removed.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`
 */
export function writeHashedFile(path: string, parts: Iterable<Uint8Array>): FileDigest {
  const file = openHashedFile(path);
  try {
    for (const part of parts) file.write(part);
    return file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/**
 * Digest of a file of any size, read in slices.
 * @throws ProblemError `cannot-read`
 */
export function hashFile(path: string): FileDigest {
  const hash = createHash('sha256');
  const file = openRanges(path);
  try {
    const slice = new Uint8Array(Math.min(SLICE, file.size));
    for (let position = 0; position < file.size; position += slice.length) {
      const part = slice.subarray(0, file.size - position);
      if (!file.read(position, part)) break;
      hash.update(part);
    }
    return { bytes: file.size, sha256: hash.digest('hex') };
  } finally {
    file.close();
  }
}
