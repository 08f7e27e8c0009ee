/** What a run's row opens to: its metrics on test and its checkpoints; pure. */
import { baseOf, modelOf } from '../../vocabulary/ranker.ts';
import { ownOf } from '../../vocabulary/own.ts';
import type { RunState } from '../../protocol/run-state.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { deltaMark, deltaText, doubtText, intervalText, metricText } from '../../vocabulary/words/metric.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import { metricLabel } from '../../metrics/metric-label.ts';

/** A row below a run. */
export interface DetailItem {
  /** Unique below its run. */
  readonly key: string;
  readonly label: string;
  readonly description: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly tooltip: string;
}

/** Rows of a run whose events gave `state`: test metrics when it was tested, else the latest on dev; then checkpoints. */
export function detailItems(run: RunEntry, state: RunState): DetailItem[] {
  const tests = testItems(run, state);
  return [...(tests.length > 0 ? tests : devItems(state)), ...checkpointItems(state)];
}

function testItems({ record: { test = {} } }: RunEntry, { comparisons }: RunState): DetailItem[] {
  const rankers = Object.keys(test);
  const [model, base] = [modelOf(rankers), baseOf(rankers)];
  return Object.entries(test[model] ?? {}).map(([name, value]) => {
    const old = base && ownOf(test[base], name);
    const comparison = ownOf(comparisons, name);
    const interval =
      comparison === undefined
        ? ''
        : `\n95 % interval ${intervalText(comparison.interval)}${doubtText(comparison.interval)}`;
    return {
      key: `test/${name}`,
      label: metricLabel(name),
      description: old === undefined ? metricText(value) : changeText(old, value),
      icon: 'symbol-numeric',
      tooltip: old === undefined ? 'Test set' : `Test set: ${base} → ${model}${interval}`,
    };
  });
}

/** Before and after, then the difference. */
function changeText(before: number, after: number): string {
  const delta = after - before;
  return `${metricText(before)} → ${metricText(after)}  ${deltaMark(delta)} ${deltaText(delta)}`;
}

function devItems({ evaluations }: RunState): DetailItem[] {
  const last = evaluations.at(-1);
  if (last === undefined) return [];
  return Object.entries(last.metrics).map(([name, value]) => ({
    key: `dev/${name}`,
    label: metricLabel(name),
    description: `${metricText(value)}  dev, step ${last.step}`,
    icon: 'symbol-numeric',
    tooltip: `Latest evaluation on dev, after step ${last.step}`,
  }));
}

/** Two checkpoints are kept on disk; the events tell of all that were written, so the best and the last are shown, newest first. */
function checkpointItems({ checkpoints, best }: RunState): DetailItem[] {
  const kept = checkpoints
    .filter((c, i) => c.step === best?.step || i >= checkpoints.length - 2)
    .slice(-2)
    .reverse();
  return kept.map(({ step, name, bytes }) => ({
    key: `checkpoint/${name}`,
    label: `step ${step}`,
    description: `${step === best?.step ? 'best  ' : ''}${bytesText(bytes)}`,
    icon: 'archive',
    tooltip: `Checkpoint ${name}`,
  }));
}
