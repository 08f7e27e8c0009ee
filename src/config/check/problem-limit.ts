import type { Finding } from '../config-problem.ts';
import { MAX_PROBLEMS } from '../yaml/limits.ts';

/** The first findings of a text, errors before warnings, and one more that counts the rest. */
export function limited(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_PROBLEMS) return findings;
  const rank = ({ severity }: Finding) => (severity === 'error' ? 0 : 1);
  const ranked = findings.toSorted((a, b) => rank(a) - rank(b) || a.start - b.start || a.end - b.end);
  const { severity, start, end } = ranked[MAX_PROBLEMS]!;
  const found = `${findings.length - MAX_PROBLEMS} more problems`;
  const rest = { severity, code: 'more-problems', path: '', found, expected: 'none', start, end } as const;
  return [...ranked.slice(0, MAX_PROBLEMS), rest];
}
