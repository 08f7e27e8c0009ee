import { strToU8, zipSync } from 'fflate';
import type { BugReport } from './collect.ts';

/** The first moment that a zip can tell: the same report gives the same bytes, and the person's clock is not in it. */
const NO_TIME = new Date(1980, 0, 1);

/** A report as the bytes of a zip. */
export function zipReport({ files }: BugReport): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)])), {
    mtime: NO_TIME,
    level: 9,
  });
}
