import { Damage } from '../damage.ts';
import { readBlocks } from './frame.ts';
import { readLiterals } from './literals.ts';
import type { HuffmanTable } from './literals.ts';
import { readSequences } from './sequences.ts';
import type { Tables } from './sequences.ts';

/**
 * Decompresses a Zstandard frame without a dictionary (RFC 8878) to exactly `length` bytes, in time that input and output bound. fzstd, the
 * decoder in JavaScript, goes through every sequence that a block claims, to its full length: 22 bytes keep it busy for a quarter of a minute.
 * @throws Damage
 */
export function decompressZstd(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let nDone = 0;
  let table: HuffmanTable | undefined;
  let tables: Tables = {};
  // The last three offsets, which sequences may refer to.
  const recent: [number, number, number] = [1, 4, 8];

  const need = (n: number): void => {
    if (n > length - nDone) throw new Damage(`a page of Zstandard has more than ${length} bytes`);
  };
  const append = (bytes: Uint8Array): void => {
    need(bytes.length);
    output.set(bytes, nDone);
    nDone += bytes.length;
  };

  for (const { type, bytes, size } of readBlocks(input, length)) {
    if (type === 'raw') append(bytes);
    else if (type === 'run') {
      need(size);
      output.fill(bytes[0]!, nDone, (nDone += size));
    } else {
      const section = readLiterals(bytes, table);
      table = section.table;
      let { literals } = section;
      tables = readSequences(bytes.subarray(section.end), tables, (nLiterals, value, nMatch) => {
        if (nLiterals > literals.length) throw new Damage('a page of Zstandard has fewer literals than it says');
        append(literals.subarray(0, nLiterals));
        literals = literals.subarray(nLiterals);
        const offset = resolveOffset(recent, value, nLiterals === 0);
        if (offset <= 0 || offset > nDone) throw new Damage('a page of Zstandard refers to bytes before its beginning');
        need(nMatch);
        // Byte by byte: a copy may reach into itself.
        for (const end = nDone + nMatch; nDone < end; nDone++) output[nDone] = output[nDone - offset]!;
      });
      append(literals);
    }
  }
  if (nDone !== length) throw new Damage(`a page of Zstandard has ${nDone} bytes and should have ${length}`);
  return output;
}

/** The offset that a value means: 1 to 3 one of the recent ones, which then is the most recent; without literals the next of them. */
function resolveOffset(recent: [number, number, number], value: number, isWithoutLiterals: boolean): number {
  if (value > 3) {
    recent.unshift(value - 3);
    recent.length = 3;
    return value - 3;
  }
  const place = value - 1 + (isWithoutLiterals ? 1 : 0);
  const offset = place === 3 ? recent[0] - 1 : recent[place]!;
  if (place > 0) {
    recent.splice(Math.min(place, 2), 1);
    recent.unshift(offset);
  }
  return offset;
}
