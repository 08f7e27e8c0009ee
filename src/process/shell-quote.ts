/** Words of command lines that a person copies into a shell: whatever a word holds stays text there. */

/**
 * A word as a shell of that platform reads it back. For POSIX shells and fish in quotes without expansion; control characters, which
 * a terminal takes for keys, by way of `printf`. On Windows for PowerShell; cmd runs nothing of it either, but may read another word.
 */
export function shellQuote(word: string, platform: string = process.platform): string {
  return platform === 'win32' ? quoteForWindows(word) : quoteForPosix(word);
}

/** As `shellQuote`, for a path: one that begins with a dash is no option. */
export function shellQuotePath(path: string, platform: string = process.platform): string {
  return shellQuote(path.startsWith('-') ? `.${platform === 'win32' ? '\\' : '/'}${path}` : path, platform);
}

function quoteForPosix(word: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  // fish, unlike POSIX, takes a backslash in single quotes for an escape.
  const parts = word.match(
    /[\\']+|[\u0001-\u0009\u000b-\u001f\u007f-\u009f]+|[^\\'\u0001-\u0009\u000b-\u001f\u007f-\u009f]+/g,
  );
  return (parts ?? ['']).map(quotePart).join('');
}

function quotePart(part: string): string {
  if (/^[\\']/.test(part)) return `"${part.replaceAll('\\', '\\\\')}"`;
  if (!/^[\u0001-\u0009\u000b-\u001f\u007f-\u009f]/.test(part)) return `'${part}'`;
  const octal = [...Buffer.from(part)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `"$(printf '${octal.join('')}')"`;
}

/** PowerShell takes typographic quotes for quotes, too. A quote is written twice: cmd reads that as the end and begin of one text. */
function quoteForWindows(word: string): string {
  if (/^[\w:./\\+-]+$/.test(word)) return word;
  const escaped = word
    .replace(/[`$\u201c\u201d\u201e]/g, '`$&')
    .replaceAll('"', '""')

    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => `$([char]${control.charCodeAt(0)})`);
  // Backslashes before the closing quote would make it a character of the word.
  return `"${escaped.replace(/\\+$/, '$&$&')}"`;
}
