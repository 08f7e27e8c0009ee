import { findMetric } from './metric-table.ts';

/** A metric's name as people write it: `ndcg@10` → `NDCG@10`; one that is none of ours keeps its own. */
export function metricLabel(name: string): string {
  return findMetric(name)?.label ?? name;
}
