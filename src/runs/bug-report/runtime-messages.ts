/** Messages of the runtimes that a trainer stands on, by their fixed parts: all else of a message may quote a text, a value or a path. */

import { constants } from 'node:os';

const ERRNO = [...Object.keys(constants.errno), 'ENOTFOUND', 'EAI_AGAIN'].join('|');

/** Codes of errors of the operating system and of Node, as a regular expression. */
export const ERROR_CODE = `${ERRNO}|ERR_[A-Z0-9_]{2,60}`;

/** Calls that such errors name. */
export const SYSTEM_CALLS =
  'access|close|connect|copyfile|fstat|fsync|ftruncate|futime|getaddrinfo|link|lstat|mkdir|open|read|readdir|rename|rm|rmdir|scandir|spawn|stat|symlink|unlink|utime|watch|write';

/** A message's shape, and what is printed for it: its own fixed words, and parts that can only be numbers or names of the runtime. */
const MESSAGES: readonly (readonly [shape: RegExp, print: string])[] = [
  [/^Cannot (read|set) properties of (undefined|null)\b/, 'Cannot $1 properties of $2 …'],
  [/ is not (a function|iterable|a constructor|defined|an object)\b/, '… is not $1'],
  [/^Cannot access '.*' before initialization/, 'Cannot access … before initialization'],
  [/^Assignment to constant variable/, 'Assignment to constant variable'],
  [/^Maximum call stack size exceeded/, 'Maximum call stack size exceeded'],
  [/^(Invalid (?:array|string|typed array) length)(?:: (-?\d{1,20}))?/, '$1 $2'],
  [/^(Array buffer allocation failed|Invalid time value|Invalid count value)/, '$1'],
  [
    /^Cannot create a string longer than (0x[0-9a-f]{1,20}) characters/,
    'Cannot create a string longer than $1 characters',
  ],
  [/^File size \((\d{1,20})\) is greater than (\d{1,20}|2 GiB)/, 'File size ($1) is greater than $2'],
  [/\b(heap limit Allocation failed|invalid array length Allocation failed|JavaScript heap out of memory)\b/, '$1'],
  [
    /^(Unexpected (?:token|end of JSON input|non-whitespace)|Unterminated string in JSON|Expected .{1,40} in JSON)/,
    'JSON cannot be parsed …',
  ],
  [new RegExp(`^(${ERRNO}): [^,]{1,80}, (${SYSTEM_CALLS})\\b`), '$1: …, $2'],
  [new RegExp(`^(${SYSTEM_CALLS}) (${ERRNO})\\b`), '$1 $2'],
  [/^(fetch failed|socket hang up|terminated|aborted)$/i, '$1'],
  [
    /Non-zero status code returned while running (\w{1,40}) node\./,
    'Non-zero status code returned while running $1 node …',
  ],
  [
    /Failed to allocate memory for requested buffer of size (\d{1,20})/,
    'Failed to allocate memory for requested buffer of size $1',
  ],
  [/^(?:Error: )?Can't create a session\./, 'Cannot create a session …'],
  [/Got invalid dimensions for input|Invalid (?:rank|Feed Input Name|input name)/i, 'onnxruntime refuses an input …'],
  [/^Cannot find (module|package) '/, 'Cannot find $1 …'],
];

/** What may be told of a runtime's message. */
export function runtimeMessage(message: string): string {
  for (const [shape, print] of MESSAGES) {
    const match = shape.exec(message);
    if (match !== null) return print.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? '').trim();
  }
  return '<message left out>';
}
