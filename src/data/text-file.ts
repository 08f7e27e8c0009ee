import { dataProblem, fileProblem } from './data-problem.ts';
import { refuseOtherContent } from './file-magic.ts';
import { openDataFile } from './open-file.ts';

/** A piece of a text file. */
export interface TextPiece {
  readonly text: string;
  /** Share of the file that has been read, 0 … 1. */
  readonly progress: number;
}

const PIECE_BYTES = 1 << 18;

/**
 * Reads a UTF-8 file piece by piece; a byte order mark is dropped, and no character is split between pieces.
 * @throws ProblemError `data-format` (not UTF-8, zeros, or plainly something else), `data-not-found`, `data-unreadable`
 */
export async function* readText(path: string): AsyncGenerator<TextPiece> {
  const { handle, size } = await openDataFile(path);
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const bytes = new Uint8Array(PIECE_BYTES);
    let position = 0;
    let line = 1;
    while (true) {
      const { bytesRead } = await handle.read(bytes, 0, PIECE_BYTES, position).catch((error: unknown) => {
        throw fileProblem(path, error);
      });
      const piece = bytes.subarray(0, bytesRead);
      if (position === 0) refuseOtherContent(path, piece.subarray(0, 256));
      position += bytesRead;
      const text = decode(decoder, piece, path, line);
      refuseZeros(text, path, line);
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line++;
      yield { text, progress: size === 0 ? 1 : Math.min(1, position / size) };
      if (bytesRead === 0) return;
    }
  } finally {
    await handle.close();
  }
}

/** No text holds the character 0; half-written files do, and text in UTF-16. */
function refuseZeros(text: string, path: string, line: number): void {
  const at = text.indexOf('\0');
  if (at < 0) return;
  const badLine = line + text.slice(0, at).split('\n').length - 1;
  const message = 'This line has a byte that is 0; expected text in UTF-8.';
  throw dataProblem('data-format', `${path}:${badLine}`, message, 'Save the file as UTF-8, or copy it again.');
}

/** Decodes a piece; the empty one at the end of the file flushes, so that a character cut off there is seen. */
function decode(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array, path: string, line: number): string {
  try {
    return decoder.decode(piece, { stream: piece.length > 0 });
  } catch (error) {
    const before = new TextDecoder().decode(piece).split('\ufffd', 1)[0] ?? '';
    const badLine = line + before.split('\n').length - 1;
    const message = 'This line is not UTF-8: it has bytes that are no character.';
    throw dataProblem('data-format', `${path}:${badLine}`, message, 'Save the file as UTF-8.', error);
  }
}
