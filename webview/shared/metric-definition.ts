import { findMetric } from '../../src/metrics/metric-table.ts';

/** The sentence that defines a metric. */
export function metricDefinition(name: string): string {
  return findMetric(name)?.definition ?? 'A metric of the experiment.';
}
