import { Damage } from '../damage.ts';
import { openBits, readBits } from './bits.ts';
import { buildTable, constantTable, firstState, nextState, readTable } from './fse.ts';
import type { FseTable } from './fse.ts';

/** The three codes of a sequence in the order of their descriptions. */
export type Tables = Partial<Record<'literals' | 'offset' | 'match', FseTable>>;

/** A sequence: so many literals, then so many bytes of what stands `offset` before; `offset` may be one of the last three (1 to 3). */
type Visit = (nLiterals: number, offset: number, nMatch: number) => void;

/** Values of a code: the smallest, by code, and the bits to add to it (RFC 8878, tables 15 and 16). */
function valuesFrom(
  first: number,
  nBits: readonly number[],
): { readonly bases: readonly number[]; readonly nBits: readonly number[] } {
  const bases: number[] = [];
  let base = first;
  for (const n of nBits) {
    bases.push(base);
    base += 2 ** n;
  }
  return { bases, nBits };
}

const zeros = (n: number): number[] => new Array<number>(n).fill(0);
const LITERALS = valuesFrom(0, [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const MATCH = valuesFrom(3, [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

/** Distributions that need no description (RFC 8878, 3.1.1.3.2.2), and bounds of those that have one. */
const CODES = {
  literals: {
    log: 9,
    symbol: 35,
    usual: buildTable(
      [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
      6,
    ),
  },
  offset: {
    log: 8,
    symbol: 31,
    usual: buildTable([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5),
  },
  match: {
    log: 9,
    symbol: 52,
    usual: buildTable(
      [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
      ],
      6,
    ),
  },
} as const;

const MODE = { usual: 0, constant: 1, described: 2 };

/** Visits the sequences of a section (RFC 8878, 3.1.1.3.2) and gives the tables for the next block. @throws Damage */
export function readSequences(section: Uint8Array, before: Tables, visit: Visit): Tables {
  const [first = 0, second = 0, third = 0] = section;
  if (first === 0) {
    if (section.length !== 1) throw new Damage('a page of Zstandard has bytes behind its end');
    return before;
  }
  const nSequences = first < 128 ? first : first < 255 ? (first - 128) * 256 + second : second + third * 256 + 0x7f00;
  let at = first < 128 ? 1 : first < 255 ? 2 : 3;
  const modes = section[at++] ?? 3;
  if ((modes & 3) !== 0) throw new Damage('a page of Zstandard has sequences in an unknown mode');
  const tables: Record<keyof typeof CODES, FseTable> = {
    literals: CODES.literals.usual,
    offset: CODES.offset.usual,
    match: CODES.match.usual,
  };
  for (const [name, mode] of [
    ['literals', modes >> 6],
    ['offset', (modes >> 4) & 3],
    ['match', (modes >> 2) & 3],
  ] as const) {
    const described = readCode(section, at, name, mode, before[name]);
    tables[name] = described.table;
    at = described.end;
  }
  decode(section.subarray(at), nSequences, tables, visit);
  return tables;
}

function readCode(
  section: Uint8Array,
  at: number,
  name: keyof typeof CODES,
  mode: number,
  before: FseTable | undefined,
): { table: FseTable; end: number } {
  const code = CODES[name];
  if (mode === MODE.usual) return { table: code.usual, end: at };
  if (mode === MODE.described) return readTable(section, at, code);
  if (mode === MODE.constant) {
    const symbol = section[at] ?? Infinity;
    if (symbol > code.symbol) throw new Damage('a page of Zstandard has a code of an unknown symbol');
    return { table: constantTable(symbol), end: at + 1 };
  }
  if (before === undefined) throw new Damage('a page of Zstandard refers to a table that is not there');
  return { table: before, end: at };
}

function decode(
  bytes: Uint8Array,
  nSequences: number,
  { literals, offset, match }: Required<Tables>,
  visit: Visit,
): void {
  const bits = openBits(bytes);
  let literalsState = firstState(literals, bits);
  let offsetState = firstState(offset, bits);
  let matchState = firstState(match, bits);
  for (let i = 0; i < nSequences; i++) {
    const nOffsetBits = offset.symbols[offsetState]!;
    const matchCode = match.symbols[matchState]!;
    const literalsCode = literals.symbols[literalsState]!;
    const distance = 2 ** nOffsetBits + readBits(bits, nOffsetBits);
    const nMatch = MATCH.bases[matchCode]! + readBits(bits, MATCH.nBits[matchCode]!);
    const nLiterals = LITERALS.bases[literalsCode]! + readBits(bits, LITERALS.nBits[literalsCode]!);
    if (i < nSequences - 1) {
      literalsState = nextState(literals, literalsState, bits);
      matchState = nextState(match, matchState, bits);
      offsetState = nextState(offset, offsetState, bits);
    }
    // More bits than there are: everything from here on is made up.
    if (bits.nLeft < 0) break;
    visit(nLiterals, distance, nMatch);
  }
  if (bits.nLeft !== 0) throw new Damage('a page of Zstandard has sequences of another length than it says');
}
