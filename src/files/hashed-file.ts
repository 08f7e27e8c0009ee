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

/**
 * Writes a file from its parts, of any size, one after the other, hashes it on the way and syncs it. What cannot be written
 * whole is removed. Not atomic: write into a temporary folder or name and rename.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`
 */
export function writeHashedFile(path: string, parts: Iterable<Uint8Array>): FileDigest {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = openSync(path, 'w');
    try {
      for (const part of parts) {
        for (let start = 0; start < part.length; start += SLICE) {
          const slice = part.subarray(start, start + SLICE);
          hash.update(slice);
          for (let done = 0; done < slice.length;) done += writeSync(file, slice, done);
        }
        bytes += part.length;
      }
      fsyncSync(file);
    } catch (error) {
      // Frees the space at once. A device such as /dev/full stays.
      if (fstatSync(file).isFile()) rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw writeProblem(error, path);
  }
  return { bytes, sha256: hash.digest('hex') };
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
