/** Token ids of many texts, one after the other in one array. */
export interface TokenPool {
  /** Ids of a text, computed at the first call; a view that later calls leave intact. */
  idsOf(text: string): Uint16Array | Int32Array;
  readonly nTexts: number;
  /** Memory of the ids, unused capacity included. */
  readonly nBytes: number;
  /** Number of tokens of each text, in the order of their first use. */
  lengths(): Int32Array;
}

/** A pool for ids below `vocabSize`: 2 bytes a token where that is enough. `tokenise` gives the ids of a text. */
export function createTokenPool(vocabSize: number, tokenise: (text: string) => readonly number[]): TokenPool {
  const create = (length: number): Uint16Array | Int32Array =>
    vocabSize <= 2 ** 16 ? new Uint16Array(length) : new Int32Array(length);
  const numberOfText = new Map<string, number>();
  /** Text i has the tokens from ends[i - 1] to ends[i]. */
  let ends = new Uint32Array(1024);
  let ids = create(16 * 1024);
  const startOf = (i: number): number => (i === 0 ? 0 : ends[i - 1]!);

  function add(text: string): number {
    const added = tokenise(text);
    const i = numberOfText.size;
    const end = startOf(i) + added.length;
    if (i === ends.length) ends = grown(ends, new Uint32Array(2 * i));
    if (end > ids.length) ids = grown(ids, create(Math.max(end, Math.ceil(1.5 * ids.length))));
    ids.set(added, startOf(i));
    ends[i] = end;
    numberOfText.set(text, i);
    return i;
  }

  return {
    idsOf: (text) => {
      const i = numberOfText.get(text) ?? add(text);
      return ids.subarray(startOf(i), ends[i]);
    },
    get nTexts() {
      return numberOfText.size;
    },
    get nBytes() {
      return ids.byteLength + ends.byteLength;
    },
    lengths: () => Int32Array.from({ length: numberOfText.size }, (_, i) => ends[i]! - startOf(i)),
  };
}

function grown<T extends Uint16Array | Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
