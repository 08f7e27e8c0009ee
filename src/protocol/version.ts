import { count } from '../vocabulary/check.ts';
import type { Check } from '../vocabulary/check.ts';

/** The version of a file's format: at most the newest that this program knows. */
export function versionUpTo(newest: number): Check<number> {
  return (value, path) => {
    const wrongs = count(value, path);
    if (wrongs.length > 0 || (value as number) <= newest) return wrongs;
    return [{ path, found: String(value), expected: `at most ${newest}, the newest version that this program knows` }];
  };
}
