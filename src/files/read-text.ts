import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { openFile } from './open-file.ts';

const CHUNK = 65_536;

/** The first bytes of a file as UTF-8 text, all of it where it has no more than `maxBytes`; also of a pipe, or of a device without an end. */
export async function readTextUpTo(path: string, maxBytes: number): Promise<string> {
  return firstText(await open(path, 'r'), maxBytes);
}

/**
 * As `readTextUpTo`, of an ordinary file alone: never waits, whatever somebody has put there.
 * @throws ProblemError `cannot-read` for a pipe, a device or a folder; the system's error where there is nothing to open
 */
export async function readFileUpTo(path: string, maxBytes: number): Promise<string> {
  return firstText((await openFile(path)).file, maxBytes);
}

/** The text of an ordinary file of at most `maxBytes`; undefined for a larger one and for anything else. Never throws. */
export async function readSmallFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    const text = await readFileUpTo(path, maxBytes + 1);
    return Buffer.byteLength(text) > maxBytes ? undefined : text;
  } catch {
    return undefined;
  }
}

async function firstText(file: FileHandle, maxBytes: number): Promise<string> {
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
