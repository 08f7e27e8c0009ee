import type { Label } from '../vocabulary/label.ts';
import type { JudgedQuery, Judgement, Split } from './judged-query.ts';

/** A product whose texts are still to be read; becomes a `Product`. */
export interface DraftProduct {
  readonly id: string;
  title: string;
  text: string;
}

/** A query with all rows that were read for it, duplicates included. */
interface DraftQuery {
  readonly id: string;
  readonly text: string;
  readonly products: DraftProduct[];
  readonly labels: Label[];
}

/** One judgement as read. */
export interface JudgementRow {
  readonly split: Split;
  /** Undefined when the data has no query ids: the text identifies the query. */
  readonly queryId: string | undefined;
  readonly query: string;
  readonly productId: string;
  readonly label: Label;
}

/** Counts of what was put right while collecting; each becomes a note when it is not zero. */
export interface CollectorCounts {
  /** Same query, product and label again: dropped. */
  nDuplicates: number;
  /** Same query and product with another label: the first was kept. */
  nConflicts: number;
  /** Rows whose query id had another text before: the first text was kept. */
  nOtherTexts: number;
  /** Queries that were also in a split of higher rank (test, then dev): dropped. */
  nLeaks: Record<'train' | 'dev', number>;
}

/** Judgements of all splits, gathered row by row. */
export interface JudgementCollector {
  /** The product of each id, one object for all judgements. */
  readonly products: ReadonlyMap<string, DraftProduct>;
  readonly nQueries: number;
  /** Adds a row; true when its product had not been seen before, so that its texts are wanted. */
  add(row: JudgementRow): boolean;
  /** The queries in the order of their first row, each product once, no query in two splits. */
  finish(): Record<Split, JudgedQuery[]> & { readonly counts: CollectorCounts };
}

/** An empty collector. */
export function createJudgementCollector(): JudgementCollector {
  const products = new Map<string, DraftProduct>();
  const queries: Record<Split, Map<string, DraftQuery>> = { train: new Map(), dev: new Map(), test: new Map() };
  const counts: CollectorCounts = { nDuplicates: 0, nConflicts: 0, nOtherTexts: 0, nLeaks: { train: 0, dev: 0 } };
  let last: { split: Split; query: DraftQuery } | undefined;

  function queryOf({ split, queryId, query: text }: JudgementRow): DraftQuery {
    const id = queryId ?? text;
    // Rows of a query nearly always follow each other.
    if (last?.split === split && last.query.id === id) return last.query;
    let query = queries[split].get(id);
    if (query === undefined) {
      query = { id, text, products: [], labels: [] };
      queries[split].set(id, query);
    }
    last = { split, query };
    return query;
  }

  function add(row: JudgementRow): boolean {
    const query = queryOf(row);
    if (query.text !== row.query) counts.nOtherTexts++;
    let product = products.get(row.productId);
    const isNew = product === undefined;
    if (product === undefined) {
      product = { id: row.productId, title: '', text: '' };
      products.set(row.productId, product);
    }
    query.products.push(product);
    query.labels.push(row.label);
    return isNew;
  }

  /** Drops queries from `split` that `above` also has: what is tested must not have been trained on. */
  function dropLeaks(split: 'train' | 'dev', above: Split): void {
    for (const id of queries[above].keys()) if (queries[split].delete(id)) counts.nLeaks[split]++;
  }

  function finish(): ReturnType<JudgementCollector['finish']> {
    dropLeaks('train', 'test');
    dropLeaks('dev', 'test');
    dropLeaks('train', 'dev');
    const judged = (split: Split) => [...queries[split].values()].map((query) => withoutDuplicates(query, counts));
    return { train: judged('train'), dev: judged('dev'), test: judged('test'), counts };
  }

  return {
    products,
    get nQueries() {
      return queries.train.size + queries.dev.size + queries.test.size;
    },
    add,
    finish,
  };
}

function withoutDuplicates({ id, text, products, labels }: DraftQuery, counts: CollectorCounts): JudgedQuery {
  const judgements = new Map<DraftProduct, Judgement>();
  products.forEach((product, i) => {
    const label = labels[i]!;
    const first = judgements.get(product);
    if (first === undefined) judgements.set(product, { product, label });
    else if (first.label === label) counts.nDuplicates++;
    else counts.nConflicts++;
  });
  return { id, text, judgements: [...judgements.values()] };
}
