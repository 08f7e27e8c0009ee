import { runPaths } from '../layout.ts';
import { openFile } from '../../files/open-file.ts';
import { errorCode } from '../../files/os-problem.ts';

/** Bytes that are looked at: enough for the longest stack trace. */
const END_BYTES = 32 * 1024;

/** The last lines of a run's `trainer.log`, oldest first; none when there is no log. */
export async function readLogEnd(runDir: string, nLines: number): Promise<string[]> {
  try {
    const { file, stat } = await openFile(runPaths.log(runDir));
    try {
      const start = Math.max(0, stat.size - END_BYTES);
      const bytes = Buffer.alloc(stat.size - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      const lines = bytes
        .toString('utf8', 0, bytesRead)
        .replace(/\r?\n$/, '')
        .split(/\r?\n/);
      // The first line of a part of the file is most likely cut.
      return (start > 0 ? lines.slice(1) : lines).slice(-nLines).filter((line, i) => line !== '' || i > 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
