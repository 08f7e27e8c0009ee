import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The text of an ordinary file of at most `maxBytes`, for files that anybody may have put there. Undefined for anything else: no
 * file, a larger one, a folder, a device, a pipe that nobody writes to. Never waits and never throws.
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    // Without this flag, which Windows does not know, opening a pipe waits for its writer.
    const file = await open(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > maxBytes) return undefined;
      const bytes = Buffer.alloc(found.size);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
