/** Scores of queries in a compact file: little-endian float32, query after query, without anything between. */
import { ProblemError } from '../vocabulary/problem.ts';
import { openFile } from '../files/open-file.ts';
import { errorCode } from '../files/os-problem.ts';
import { writeFileAtomic } from '../files/write-file.ts';

/** Stores lists of scores, one after the other. */
export async function writeScoreLists(path: string, lists: readonly Float32Array[]): Promise<void> {
  const bytes = Buffer.alloc(4 * lists.reduce((sum, list) => sum + list.length, 0));
  let offset = 0;
  for (const list of lists) for (const score of list) offset = bytes.writeFloatLE(score, offset);
  await writeFileAtomic(path, bytes);
}

function requireSize(path: string, nBytes: number, nScores: number, what: string): void {
  if (nBytes === nScores * 4) return;
  const message = `Found ${nBytes / 4} ${what}, expected ${nScores}, one per product.`;
  const next = 'Evaluate the run’s model again to write its scores anew.';
  throw new ProblemError({ code: 'broken-file', message, where: path, next });
}

/**
 * The lists of a file, of the given lengths; undefined when there is no such file. `what` names the scores in a message.
 * @throws ProblemError `broken-file` when there are more or fewer scores than the lengths add up to
 */
export async function readScoreLists(
  path: string,
  lengths: readonly number[],
  what: string,
): Promise<Float32Array[] | undefined> {
  const nScores = lengths.reduce((sum, n) => sum + n, 0);
  let bytes: Buffer;
  try {
    const file = (await openFile(path)).file;
    try {
      // Before it is read: a file of a wrong size may be of any size.
      requireSize(path, (await file.stat()).size, nScores, what);
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  requireSize(path, bytes.length, nScores, what);
  const all = Float32Array.from({ length: nScores }, (_, i) => bytes.readFloatLE(i * 4));
  let start = 0;
  return lengths.map((n) => all.subarray(start, (start += n)));
}
