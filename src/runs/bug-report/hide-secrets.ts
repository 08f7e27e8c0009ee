/** Second line of defence of a problem report: what is known to be private is replaced wherever it stands, though nothing should have kept it. */
import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** What must not be told, and what stands for it. */
export interface PrivateText {
  readonly shape: RegExp;
  readonly shown: string;
}

/** Shorter names occur in any report by chance. */
const SHORTEST = 3;

const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Upper case is the name of the variable.
  [/\bhf_[A-Za-z0-9]{4,}/g, '<token>'],
  [/\b(?:gh[oprsu]|github_pat|glpat|sk|xox[abpr])[-_][A-Za-z0-9_-]{8,}/gi, '<token>'],
  [/\b(authorization|proxy-authorization|cookie|set-cookie)\b\s*[:=].*/gi, '$1: <secret>'],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi, '$1 <secret>'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1<secret>@'],
  [/\b(\w*(?:token|secret|password|passwd|api_?key))\b\s*[:=]\s*\S+/gi, '$1: <secret>'],
];

/** What is private on this machine: the folders, the person's name, the machine's, and the values of variables that hold secrets. */
export function privateTexts(
  workspace: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly PrivateText[] {
  const secrets = Object.entries(environment)
    .filter(([name]) => /token|secret|passw|key|auth|credential/i.test(name))
    .flatMap(([, value = '']) => (value.length >= 6 && !isAbsolute(value) ? [value] : []));
  const names: readonly (readonly [text: string, shown: string])[] = [
    [workspace, '<workspace>'],
    [homedir(), '~'],
    [userName(environment), '<user>'],
    [hostname(), '<host>'],
  ];
  return [
    ...secrets.map((text) => ({ shape: new RegExp(escaped(text), 'g'), shown: '<secret>' })),
    // The longest first: a folder before the one that holds it.
    ...names
      .filter(([text]) => text.length >= SHORTEST)
      .sort(([a], [b]) => b.length - a.length)
      .map(([text, shown]) => ({ shape: wholeWord(text), shown })),
  ];
}

/** The text without what is private, and without what looks like a secret. */
export function hideSecrets(text: string, hidden: readonly PrivateText[]): string {
  const without = hidden.reduce((all, { shape, shown }) => all.replace(shape, () => shown), text);
  return SECRETS.reduce((all, [shape, shown]) => all.replace(shape, shown), without);
}

/** Not inside a longer word: a person may be called `step`. */
function wholeWord(text: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped(text)}(?![\\p{L}\\p{N}])`, 'giu');
}

/** As part of a regular expression; in files of JSON a backslash is doubled. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\\\', '\\\\{1,2}');
}

function userName(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    // A process without an entry in the system's list of users.
    return environment['USER'] ?? environment['USERNAME'] ?? '';
  }
}
