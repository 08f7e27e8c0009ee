import { createHash } from 'node:crypto';
import type { JudgedQuery, Split } from './judged-query.ts';

/** Characters that are hashed at once. */
const PIECE = 1 << 16;

/**
 * SHA-256 (hex) of judgements: query ids and texts, product ids and the texts that the model reads, labels, and what is test.
 * Independent of the order of rows, the file layout, and of how training queries are divided into train and dev (which the
 * experiment's seed decides when the data does not).
 */
export function fingerprint(splits: Readonly<Record<Split, readonly JudgedQuery[]>>): string {
  const hash = createHash('sha256');
  const parts = { training: [...splits.train, ...splits.dev], test: [...splits.test] };
  for (const [name, queries] of Object.entries(parts)) {
    queries.sort((a, b) => compareText(a.id, b.id));
    hash.update(`${JSON.stringify([name, queries.length])}\n`);
    for (const { id, text, judgements } of queries) {
      const rows = judgements.map(({ product, label }) => [product.id, label, product.text] as const);
      rows.sort((a, b) => compareText(a[0], b[0]));
      // As JSON.stringify([id, text, rows]) would have it, in pieces: a query of a million products is longer than a string can be.
      let piece = `[${JSON.stringify(id)},${JSON.stringify(text)},[`;
      rows.forEach((row, i) => {
        piece += `${i === 0 ? '' : ','}${JSON.stringify(row)}`;
        if (piece.length < PIECE) return;
        hash.update(piece);
        piece = '';
      });
      hash.update(`${piece}]]\n`);
    }
  }
  return hash.digest('hex');
}

/** By UTF-16 code units: the same on every machine, unlike a locale's order. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
