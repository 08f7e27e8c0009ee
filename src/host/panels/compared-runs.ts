import { join } from 'node:path';
import { readExperiment } from '../../config/check/parse-experiment.ts';
import { comparePaired } from '../../metrics/paired-tests.ts';
import { isObject } from '../../vocabulary/check.ts';
import { writtenNumber } from '../../vocabulary/words/number.ts';
import { modelOf } from '../../vocabulary/ranker.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { CURVE_COLUMNS } from '../../protocol/panels/compare-data.ts';
import type { ComparedCurves, ComparedDelta, ComparedRun, CurveColumn } from '../../protocol/panels/compare-data.ts';
import { durationOf } from '../../protocol/run-record.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { problemOf } from '../../protocol/rpc.ts';
import { readExperimentText } from '../../runs/experiment-text.ts';
import { runPaths } from '../../runs/layout.ts';
import { openRankings } from '../../rankings/rankings.ts';
import type { RankingsIndex } from '../../rankings/rankings-format.ts';
import { readAbout } from './subscribe-to-run.ts';

/** A run as a row; one that cannot be read says why instead of hiding. */
export async function readComparedRun(runsFolder: string, id: string): Promise<ComparedRun> {
  const runDir = join(runsFolder, id);
  try {
    const { record, annotation, status } = await readAbout(runDir);
    const { test: tests = {} } = record;
    const durationMs = durationOf(record);
    const test = tests[modelOf(Object.keys(tests))];
    return {
      id,
      title: annotation.title ?? record.name,
      status,
      isBaseline: annotation.isBaseline,
      createdAt: record.createdAt,
      options: await readOptions(runDir),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(record.baseline === undefined ? {} : { baseline: record.baseline }),
      ...(record.headline === undefined ? {} : { headline: record.headline }),
      ...(record.best === undefined ? {} : { dev: record.best }),
      ...(test === undefined ? {} : { test }),
    };
  } catch (error) {
    const { message } = problemOf(error);
    return { id, title: id, status: 'failed', isBaseline: false, createdAt: 0, options: {}, problem: message };
  }
}

/** The experiment's options by path, defaults filled in. */
async function readOptions(runDir: string): Promise<Record<string, string>> {
  const path = runPaths.experiment(runDir);
  try {
    return Object.fromEntries(flatten(readExperiment(await readExperimentText(runDir), path), ''));
  } catch {
    return {};
  }
}

function flatten(value: unknown, path: string): [string, string][] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(value) && value.every(isObject)) {
    return value.flatMap((inner) => flatten(inner, `${path}[${String(Object.values(inner)[0])}]`));
  }
  if (typeof value === 'number') return [[path, writtenNumber(value)]];
  return [[path, Array.isArray(value) ? value.join(', ') : String(value)]];
}

/** Points of a curve that are more than any screen shows beside other runs. */
const MAX_POINTS = 4000;

/** The curves of a run's state, steps averaged in groups when there are more than fit. */
export function curvesOf(id: string, state: RunState): ComparedCurves {
  const { steps, evaluations, started } = state;
  const origin = started?.t ?? steps.t[0] ?? 0;
  const group = Math.max(1, Math.ceil(steps.step.length / MAX_POINTS));
  const mean = (column: (row: number) => number) =>
    Float64Array.from({ length: Math.ceil(steps.step.length / group) }, (_, g) => {
      const end = Math.min(steps.step.length, (g + 1) * group);
      let sum = 0;
      for (let row = g * group; row < end; row++) sum += column(row);
      return sum / (end - g * group);
    });
  const columns: Record<CurveColumn, (row: number) => number> = {
    step: (row) => steps.step[row]!,
    epoch: (row) => steps.epoch[row]!,
    seconds: (row) => (steps.t[row]! - origin) / 1000,
    loss: (row) => steps.loss[row]!,
    lr: (row) => steps.lr[row]!,
    pairsPerSecond: (row) => (1000 * steps.nPairs[row]!) / Math.max(1e-6, steps.ms[row]!),
  };
  return {
    id,
    steps: Object.fromEntries(CURVE_COLUMNS.map((name) => [name, mean(columns[name])])) as ComparedCurves['steps'],
    evaluations: evaluations.map(({ step, epoch, t, loss, metrics }) => ({
      step,
      epoch,
      seconds: (t - origin) / 1000,
      loss,
      metrics,
    })),
  };
}

/** The test rankings' index of a run; undefined when there is none. */
async function readIndex(runsFolder: string, id: string): Promise<RankingsIndex | undefined> {
  const rankings = await openRankings(join(runsFolder, id), 'test');
  await rankings?.close();
  return rankings?.index;
}

/** Pairs the runs' test queries with the baseline's by query id, or without a baseline each run with its pretrained model. */
export async function comparisonOf(
  runsFolder: string,
  runIds: readonly string[],
  baselineId: string | undefined,
  metric: string,
): Promise<ComparedDelta[]> {
  // A baseline whose rankings are damaged has none: each row says so, and the table stays.
  const base = baselineId === undefined ? undefined : await readIndex(runsFolder, baselineId).catch(() => undefined);
  const rows: ComparedDelta[] = [];
  for (const id of runIds) {
    if (id === baselineId) continue;
    try {
      const own = await readIndex(runsFolder, id);
      const row = own === undefined ? { reason: 'no test rankings yet' } : compareOne(own, base, baselineId, metric);
      rows.push({ id, ...row });
    } catch (error) {
      rows.push({ id, reason: problemOf(error).message });
    }
  }
  return rows;
}

function compareOne(
  own: RankingsIndex,
  base: RankingsIndex | undefined,
  baselineId: string | undefined,
  metric: string,
): Omit<ComparedDelta, 'id'> {
  const after = finalColumn(own, metric);
  if (after === undefined) return { reason: 'not evaluated with this metric' };
  if (baselineId === undefined) {
    const before = ownOf(own.metrics['pretrained'], metric);
    if (before === undefined) return { reason: 'no pretrained model to compare with' };
    return comparePaired(toFloats(before), toFloats(after));
  }
  const before = base && finalColumn(base, metric);
  if (base === undefined || before === undefined) return { reason: 'the baseline has no test rankings' };
  const rowOf = new Map(base.ids.map((query, row) => [query, row]));
  const paired = toFloats(own.ids.map((query) => before[rowOf.get(query) ?? -1] ?? null));
  const comparison = comparePaired(paired, toFloats(after));
  return comparison.nPairs === 0 ? { reason: 'other test queries' } : comparison;
}

function finalColumn({ metrics }: RankingsIndex, metric: string): readonly (number | null)[] | undefined {
  return ownOf(metrics[modelOf(Object.keys(metrics))], metric);
}

function toFloats(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? NaN);
}
