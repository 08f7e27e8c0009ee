import type { JudgedQuery, Product } from './judged-query.ts';

/** Term saturation and length normalisation: the usual defaults (Robertson & Zaragoza 2009; Lucene and Elasticsearch). */
const K1 = 1.2;
const B = 0.75;

/**
 * BM25 scores of each query's judged products, in the order of its judgements: Lucene's variant, idf = ln(1 + (N − df + 0.5) /
 * (df + 0.5)) and no factor k1 + 1. Statistics are over the distinct products of the queries given; a product's document
 * is its `text`. Query words count as often as they occur.
 */
export function bm25Scores(queries: readonly JudgedQuery[]): Float32Array[] {
  const queryWords = queries.map((query) => words(query.text));
  const vocabulary = new Map<string, number>();
  for (const word of queryWords.flat()) if (!vocabulary.has(word)) vocabulary.set(word, vocabulary.size);

  const documents = new Map<Product, { readonly nWords: number; readonly counts: ReadonlyMap<number, number> }>();
  const documentFrequency = new Uint32Array(vocabulary.size);
  let totalWords = 0;
  for (const query of queries) {
    for (const { product } of query.judgements) {
      if (documents.has(product)) continue;
      const productWords = words(product.text);
      const counts = new Map<number, number>();
      for (const word of productWords) {
        const term = vocabulary.get(word);
        if (term !== undefined) counts.set(term, (counts.get(term) ?? 0) + 1);
      }
      for (const term of counts.keys()) documentFrequency[term]!++;
      documents.set(product, { nWords: productWords.length, counts });
      totalWords += productWords.length;
    }
  }

  const idf = Float64Array.from(documentFrequency, (df) => Math.log1p((documents.size - df + 0.5) / (df + 0.5)));
  const meanLength = totalWords / documents.size;
  return queries.map((query, index) => {
    const terms = queryWords[index]!.map((word) => vocabulary.get(word)!);
    return Float32Array.from(query.judgements, ({ product }) => {
      const { nWords, counts } = documents.get(product)!;
      const saturation = K1 * (1 - B + (B * nWords) / meanLength);
      let score = 0;
      for (const term of terms) {
        const count = counts.get(term);
        if (count !== undefined) score += (idf[term]! * count) / (count + saturation);
      }
      return score;
    });
  });
}

/** Runs of letters, digits and combining marks, after compatibility normalisation, in lower case. */
function words(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}
