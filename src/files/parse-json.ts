/** Longer texts are looked through first: each level of nesting takes some forty bytes of the parser's memory. */
const FREE_LENGTH = 1 << 20;
const MAX_DEPTH = 1000;

/**
 * JSON.parse for text of strangers: refuses long text that is nested without end, which would take gigabytes.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (text.length > FREE_LENGTH && isDeep(text)) throw new SyntaxError(`nested more than ${MAX_DEPTH} levels deep`);
  return JSON.parse(text);
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Where the string that begins at `start` ends: a quote with an even number of backslashes in front. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '"') return at;
  }
  return text.length;
}
