import type { MetricDefinition } from './definition.ts';
import { ESCI_METRICS } from './esci-metrics.ts';
import { PIPELINE_CUTOFF, pipelineMetrics } from './pipeline-metrics.ts';
import { findTrecMetric, trecMetrics } from './trec-metrics.ts';

/** Every metric that is offered by name, in the order in which tables show them; other cutoffs exist too (`findMetric`). */
export const METRICS: readonly MetricDefinition[] = [
  ...ESCI_METRICS,
  ...pipelineMetrics(PIPELINE_CUTOFF),
  ...trecMetrics(),
];

/** Names of `METRICS`. */
export const metricNames: readonly string[] = METRICS.map((metric) => metric.name);

const byName = new Map(METRICS.map((metric) => [metric.name, metric]));

/** The metric of a name, also at a cutoff that `METRICS` does not list (`mrr@5`, `trec:P_7`); undefined when there is none. */
export function findMetric(name: string): MetricDefinition | undefined {
  const known = byName.get(name) ?? findTrecMetric(name);
  if (known !== undefined) return known;
  const cutoff = /@([1-9]\d{0,8})$/.exec(name)?.[1];
  return cutoff === undefined ? undefined : pipelineMetrics(Number(cutoff)).find((metric) => metric.name === name);
}
