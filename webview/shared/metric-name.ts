import { findMetric } from '../../src/metrics/metric-table.ts';

/** What a metric is called in tables; its own name when it is none of ours. */
export function metricLabel(name: string): string {
  return findMetric(name)?.label ?? name;
}

/** The sentence that defines a metric. */
export function metricDefinition(name: string): string {
  return findMetric(name)?.definition ?? 'A metric of the experiment.';
}

/** What a ranker is called in tables. */
export function rankerLabel(name: string): string {
  return name === 'bm25' ? 'BM25' : name;
}
