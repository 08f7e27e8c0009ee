import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { openOrdinary } from './open-ordinary.ts';

const CHUNK = 65_536;

/** The first bytes of a file as UTF-8 text, all of it where it has no more than `maxBytes`; also of a pipe, or of a device without an end. */
export async function readTextUpTo(path: string, maxBytes: number): Promise<string> {
  return beginningOf(await open(path, 'r'), maxBytes);
}

/**
 * As `readTextUpTo`, of a file that nobody named: never waits.
 * @throws ProblemError `cannot-read` for what is no ordinary file; the system's error where there is none
 */
export async function readOrdinaryTextUpTo(path: string, maxBytes: number): Promise<string> {
  return beginningOf(await openOrdinary(path), maxBytes);
}

/** Closes the file. */
async function beginningOf(file: FileHandle, maxBytes: number): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for (let left = maxBytes; left > 0;) {
      const chunk = Buffer.alloc(Math.min(CHUNK, left));
      const { bytesRead } = await file.read(chunk);
      if (bytesRead === 0) break;
      chunks.push(chunk.subarray(0, bytesRead));
      left -= bytesRead;
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}
