/** Lines of a growing file by pieces: each byte is read once, and an unfinished line costs no more than the longest one allowed. */

/** A line without its end. */
export interface Line {
  /** Byte offset of its start. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** Undefined for a line above the limit, whose bytes were not kept. */
  readonly bytes: Buffer | undefined;
}

/** Cuts what is read of a file into lines. */
export interface LineSplitter {
  /** The lines that end in the next piece of the file. They are valid until the next call. */
  push(piece: Buffer): Line[];
  /** What came after the last line end; undefined when there is nothing. */
  rest(): Line | undefined;
  /** Offset of the first byte that was not pushed. */
  readonly position: number;
  /** Offset behind the last line end. */
  readonly lineStart: number;
}

const LINE_END = 0x0a;

/** Opens a splitter of what follows `start`; lines above `maxBytes` come without their bytes. */
export function splitLines(start: number, maxBytes: number): LineSplitter {
  let lineStart = start;
  let position = start;
  /** What is read of the unfinished line; nothing once it is above the limit. */
  let pieces: Buffer[] = [];

  function keep(part: Buffer): void {
    if (position + part.length - lineStart > maxBytes) pieces = [];
    // Copied, because a part of a large piece would keep all of it in memory.
    else if (part.length > 0) pieces.push(Buffer.from(part));
    position += part.length;
  }

  function current(last: Buffer): Line {
    const length = position + last.length - lineStart;
    if (length > maxBytes) return { offset: lineStart, length, bytes: undefined };
    return { offset: lineStart, length, bytes: pieces.length === 0 ? last : Buffer.concat([...pieces, last]) };
  }

  return {
    push(piece) {
      const lines: Line[] = [];
      let from = 0;
      // Split at the byte of the line end, so that a character of several bytes is never cut.
      for (let to = piece.indexOf(LINE_END); to >= 0; to = piece.indexOf(LINE_END, from)) {
        const line = current(piece.subarray(from, to));
        lines.push(line);
        pieces = [];
        lineStart = position = line.offset + line.length + 1;
        from = to + 1;
      }
      keep(piece.subarray(from));
      return lines;
    },
    rest: () => (position === lineStart ? undefined : current(Buffer.alloc(0))),
    get position() {
      return position;
    },
    get lineStart() {
      return lineStart;
    },
  };
}
