/** A run's results as CSV and JSON texts; pure, so that terminal, editor and panels give the same. */
import { baseOf, modelOf } from '../vocabulary/ranker.ts';
import type { MetricValues } from '../protocol/events.ts';
import { ownOf } from '../vocabulary/own.ts';
import { csvText } from '../vocabulary/words/csv.ts';
import type { RunAnnotation } from '../protocol/run-annotation.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { STEP_COLUMNS } from '../protocol/run-state.ts';
import type { RunState } from '../protocol/run-state.ts';

/** A row per optimiser step: step, time stamp, epoch, loss, learning rate, gradient norm, pairs, tokens, milliseconds. */
export function stepsCsv({ steps }: RunState): string {
  return csvText(
    STEP_COLUMNS,
    steps.step.map((_, row) => STEP_COLUMNS.map((name) => steps[name][row])),
  );
}

/** A row per evaluation on dev, a column per metric. */
export function evaluationsCsv({ evaluations }: RunState): string {
  const metrics = namesIn(evaluations.map((e) => e.metrics));
  return csvText(
    ['step', 'epoch', 'loss', ...metrics, 'isBest', 'ms'],
    evaluations.map((e) => [e.step, e.epoch, e.loss, ...metrics.map((name) => ownOf(e.metrics, name)), e.isBest, e.ms]),
  );
}

/** A row per ranker on the test set, a column per metric. */
export function testsCsv({ tests }: RunState): string {
  const rows = Object.values(tests);
  const metrics = namesIn(rows.map((e) => e.metrics));
  return csvText(
    ['ranker', 'nQueries', ...metrics],
    rows.map((e) => [e.ranker, e.nQueries, ...metrics.map((name) => ownOf(e.metrics, name))]),
  );
}

/** A row per metric: the run's model minus its base with the 95 % interval, p, wins, ties and losses. */
export function comparisonsCsv({ comparisons, tests }: RunState): string {
  const rankers = Object.keys(tests);
  const [model, base] = [modelOf(rankers), baseOf(rankers)];
  return csvText(
    ['metric', 'model', 'base', 'meanDelta', 'low', 'high', 'p', 'wins', 'ties', 'losses'],
    Object.values(comparisons).map(({ metric, meanDelta, interval, p, wins, ties, losses }) => [
      ...[metric, model, base, meanDelta, ...interval],
      ...[p, wins, ties, losses],
    ]),
  );
}

/** A run whole: record, annotation, series, evaluations, tests, comparisons, warnings and skipped lines of the log as indented JSON. */
export function runJson(record: RunRecord, annotation: RunAnnotation, state: RunState): string {
  const { steps, system, evaluations, best, tests, comparisons, checkpoints, warnings, skipped } = state;
  const results = { steps, evaluations, best, tests, comparisons, checkpoints, warnings, system, skipped };
  return `${JSON.stringify({ record, annotation, ...results }, null, 2)}\n`;
}

function namesIn(values: readonly MetricValues[]): string[] {
  return [...new Set(values.flatMap((v) => Object.keys(v)))];
}
