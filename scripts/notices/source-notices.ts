import { readFileSync } from 'node:fs';

/** Comments that begin a line: a block, or lines of `//` after each other. */
const COMMENTS = /^[ \t]*(?:\/\*[\s\S]*?\*\/|(?:\/\/.*(?:\n[ \t]*)?)+)/gm;

/** Longer comments are documentation that says the word by chance. */
const LONGEST = 3000;

/** What the files of a package say about the copyright of others whose code they hold, each once. */
export function sourceNotices(files: readonly string[]): string[] {
  const comments = files.flatMap((file) => readFileSync(file, 'utf8').match(COMMENTS) ?? []);
  const notices = comments.filter(
    (text) => /copyright (?:\(c\)|©|\d{4})|licensed under/i.test(text) && text.length < LONGEST,
  );
  return [...new Set(notices.map((text) => plain(text)))];
}

/** The words of a comment without its marks. */
function plain(comment: string): string {
  const lines = comment
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*(?:\/\*[*!]?|\*\/|\*|\/\/+)\s?/, '')
        .replace(/\*\/\s*$/, '')
        .trimEnd(),
    );
  return lines.join('\n').trim();
}
