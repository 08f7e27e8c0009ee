import { openRankingsWriter } from '../../src/rankings/rankings-writer.ts';

const METRICS = ['esci_ndcg', 'mrr@10', 'ndcg@10', 'p@10', 'r@10'];

/** Stores test rankings of many small queries named `query 0`, `query 1`, … */
export async function makeLargeRankings(runDir: string, nQueries: number): Promise<void> {
  const writer = await openRankingsWriter(runDir, 'test');
  const labels = ['E', 'S', 'C', 'I'] as const;
  const products = labels.map((label, i) => ({ id: `B${i}`, title: `Product ${i} of a query`, label }));
  const values = (q: number) =>
    Object.fromEntries(METRICS.map((name, i) => [name, ((q * 7919 + i * 31) % 1000) / 1000]));
  for (let q = 0; q < nQueries; q++) {
    await writer.add({
      id: String(q),
      text: `query ${q}`,
      products,
      scores: { pretrained: [1, 2, 3, 4], 'fine-tuned': [4, 3, 2, 1] },
      metrics: { pretrained: values(q), 'fine-tuned': values(q + 1) },
    });
  }
  await writer.finish();
}
