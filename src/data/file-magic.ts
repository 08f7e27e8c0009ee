import { dataProblem } from './data-problem.ts';

/** What is often found in a file of another name, told by its first bytes, and what to do about it. */
const IMPOSTORS = [
  {
    start: 'version https://git-lfs',
    found: 'This is a Git LFS pointer, not the data itself.',
    next: 'Run "git lfs pull" in its repository.',
  },
  { start: '<!doctype', found: 'This is a web page, not the data.', next: 'Download the file itself, not its page.' },
  { start: '<html', found: 'This is a web page, not the data.', next: 'Download the file itself, not its page.' },
  { start: '\u001f\u008b', found: 'This file is compressed with gzip.', next: 'Unpack it first.' },
  { start: 'PK\u0003\u0004', found: 'This is a zip archive.', next: 'Unpack it first.' },
  { start: 'PAR1', found: 'This is a parquet file.', next: 'Give its name the ending .parquet.' },
  { start: '\u00ff\u00fe', found: 'This text is in UTF-16.', next: 'Save it as UTF-8.' },
  { start: '\u00fe\u00ff', found: 'This text is in UTF-16.', next: 'Save it as UTF-8.' },
] as const;

/**
 * Refuses content that is plainly something else than its name says; `head` holds the first bytes of the file.
 * @throws ProblemError `data-format`
 */
export function refuseOtherContent(path: string, head: Uint8Array): void {
  if (head.length === 0) throw dataProblem('data-format', path, 'This file is empty (0 bytes).');
  const text = Buffer.from(head).toString('latin1').toLowerCase();
  const impostor = IMPOSTORS.find(({ start }) => text.startsWith(start.toLowerCase()));
  if (impostor !== undefined) throw dataProblem('data-format', path, impostor.found, impostor.next);
}
