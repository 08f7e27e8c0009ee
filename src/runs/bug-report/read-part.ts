import type { FileHandle } from 'node:fs/promises';
import { openFile } from '../../files/open-file.ts';
import { errorCode } from '../../files/os-problem.ts';

/** The beginning and the end of a file, in whole lines where something lies between. */
export interface FileParts {
  readonly head: string;
  /** Empty when `head` is all of the file. */
  readonly tail: string;
  /** Bytes between the two. */
  readonly nLeftOut: number;
}

/** Reads at most so many bytes of a file's two ends; undefined when there is no such file. */
export async function readParts(path: string, headBytes: number, tailBytes: number): Promise<FileParts | undefined> {
  const found = await openFile(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const { file } = found;
  const { size } = found.stat;
  try {
    if (size <= headBytes + tailBytes) return { head: await readRange(file, 0, size), tail: '', nLeftOut: 0 };
    const head = upToLineEnd(await readRange(file, 0, headBytes));
    const tail = afterLineEnd(await readRange(file, size - tailBytes, tailBytes));
    return { head, tail, nLeftOut: size - Buffer.byteLength(head) - Buffer.byteLength(tail) };
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, start: number, length: number): Promise<string> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, start);
  return bytes.toString('utf8', 0, bytesRead);
}

function upToLineEnd(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function afterLineEnd(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? '' : text.slice(end + 1);
}
