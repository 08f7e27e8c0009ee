import { countText } from '../vocabulary/words/number.ts';
import { LABELS } from '../vocabulary/label.ts';
import type { Label } from '../vocabulary/label.ts';
import type { JudgedData, JudgedQuery, Split } from './judged-query.ts';
import { SPLITS } from './split-queries.ts';

/** What one split holds, in numbers. */
interface SplitSummary {
  readonly nQueries: number;
  /** Judgements; also the query–product pairs that a cross-encoder reads in one epoch. */
  readonly nJudgements: number;
  /** Different products. */
  readonly nProducts: number;
  /** Judgements of each label. */
  readonly labels: Readonly<Record<Label, number>>;
  /** Smallest, middle and largest number of judgements of a query; zeros when there is none. */
  readonly judgementsPerQuery: { readonly min: number; readonly median: number; readonly max: number };
}

/** What a person sees of a data set before a run starts. */
export interface DataSummary {
  readonly source: string;
  readonly fingerprint: string;
  readonly isSynthetic: boolean;
  readonly splits: Readonly<Record<Split, SplitSummary>>;
  readonly notes: readonly string[];
}

/** Counts what a data set holds. */
export function summariseData(data: JudgedData): DataSummary {
  const { source, fingerprint, isSynthetic, notes } = data;
  const splits = { train: summariseSplit(data.train), dev: summariseSplit(data.dev), test: summariseSplit(data.test) };
  return { source, fingerprint, isSynthetic, splits, notes };
}

function summariseSplit(queries: readonly JudgedQuery[]): SplitSummary {
  const labels: Record<Label, number> = { E: 0, S: 0, C: 0, I: 0 };
  const products = new Set<string>();
  const sizes = queries.map(({ judgements }) => judgements.length).sort((a, b) => a - b);
  for (const { judgements } of queries) {
    for (const { label, product } of judgements) {
      labels[label]++;
      products.add(product.id);
    }
  }
  return {
    nQueries: queries.length,
    nJudgements: sizes.reduce((sum, size) => sum + size, 0),
    nProducts: products.size,
    labels,
    judgementsPerQuery: {
      min: sizes[0] ?? 0,
      median: sizes[Math.floor(sizes.length / 2)] ?? 0,
      max: sizes.at(-1) ?? 0,
    },
  };
}

/** The summary as plain lines: the source, one line a split, the notes. */
export function formatDataSummary({ source, splits, notes, isSynthetic }: DataSummary): string[] {
  const lines = SPLITS.map((split) => {
    const { nQueries, nJudgements, labels } = splits[split];
    const share = (label: Label) => (nJudgements === 0 ? 0 : Math.round((100 * labels[label]) / nJudgements));
    const mix = LABELS.map((label) => `${label} ${share(label)} %`).join(', ');
    return `${split.padEnd(5)} ${countText(nQueries)} queries, ${countText(nJudgements)} judgements: ${mix}`;
  });
  return [isSynthetic ? `${source} (synthetic)` : source, ...lines, ...notes];
}
