import type { JudgedQuery } from '../../../src/data/judged-query.ts';
import type { Label } from '../../../src/vocabulary/label.ts';

/** A query whose products have the labels of a text such as `ESI`. */
export function query(id: string, labels: string): JudgedQuery {
  return {
    id,
    text: `query ${id}`,
    judgements: labels.split('').map((label, i) => ({
      label: label as Label,
      product: { id: `${id}${i}`, title: `title ${id} ${i}`, text: `title ${id} ${i} ${'word '.repeat(i % 5)}` },
    })),
  };
}
