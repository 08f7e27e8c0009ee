import { findMetric } from '../../metrics/metric-table.ts';

/** A metric's name as column headers show it: `ndcg@10` → `NDCG@10`. */
export function metricLabel(name: string): string {
  return findMetric(name)?.label ?? name;
}
