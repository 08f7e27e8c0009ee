import type { Finding } from '../config-problem.ts';
import { OPTIONS, SECTIONS } from '../options/options.ts';

const KEYS = new Set(
  [...Object.keys(OPTIONS), ...Object.keys(SECTIONS)].flatMap((path) =>
    path.split(/\[?\]?\./).map((k) => k.replace('[]', '')),
  ),
);

/** `batch_size:64`, `batch_size 64` and `batch_size = 64` for a known key: the parser's words for them help nobody. */
export function lineMistakes(text: string): Finding[] {
  const findings: Finding[] = [];
  for (const match of text.matchAll(
    /^([ \t]*(?:- +)?)([A-Za-z_]+)(:(?=[^\s:])|[ \t]*=[ \t]*|[ \t]+(?=[^\s:#]))([^\n\r]*)/gm,
  )) {
    const [, indent, key, separator, rest] = match;
    if (!KEYS.has(key!) || /^\s*:/.test(rest!)) continue;
    const isGlued = separator === ':';
    // A sentence that happens to begin with a key's name is no setting.
    if (!isGlued && /\S\s+[^\s#]/.test(rest!)) continue;
    const start = match.index + indent!.length + key!.length;
    findings.push({
      severity: 'error',
      code: 'yaml-syntax',
      path: '',
      found: `\`${(key! + separator! + rest!).trim().slice(0, 60)}\``,
      expected: isGlued ? 'a blank behind the colon' : 'a colon and a blank behind the key',
      start: start - key!.length,
      end: start + separator!.length + rest!.trimEnd().length,
      fix: {
        kind: 'replace',
        title: isGlued ? 'Insert a blank' : 'Insert a colon',
        start,
        end: start + separator!.length,
        text: ': ',
      },
    });
  }
  return findings;
}

/** Index of the first item that passes, in a list whose items pass from some item on; its length when none does. */
export function firstIndex<T>(list: readonly T[], passes: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
