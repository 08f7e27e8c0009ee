import { readYaml } from '../../config/yaml/yaml-source.ts';
import { isObject } from '../../vocabulary/check.ts';
import { formatProblem } from '../../vocabulary/problem.ts';
import { hasFailed } from '../../vocabulary/status.ts';
import { durationOf } from '../../protocol/run-record.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { skippedText } from '../../protocol/skipped-lines.ts';
import { readExperimentText } from '../../runs/experiment-text.ts';
import { runPaths } from '../../runs/layout.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { evaluationLine, eventLine, warningText } from './format-event.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { countText, lossText, writtenNumber } from '../../vocabulary/words/number.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import { timeText } from '../../vocabulary/words/time.ts';
import { statusCell } from './format-runs.ts';
import { statusLine } from './format-status.ts';
import { formatTestTable } from './format-test-table.ts';
import type { Paint } from './paint.ts';
import { placeLines } from '../run-report.ts';
import { oneLine } from './text-width.ts';

/** A run with everything that is shown of it. */
export interface ShownRun extends RunEntry {
  readonly state: RunState;
  /** The end of the trainer's log when the run failed. */
  readonly logEnd: readonly string[];
}

interface FormatOptions {
  readonly paint: Paint;
  readonly width: number;
}

/** Evaluations that are listed; of a longer run the latest ones. */
const MAX_EVALUATIONS = 30;

/** A run as lines: what it is, its options, its evaluations, its test results, what went wrong. */
export async function formatRun(run: ShownRun, options: FormatOptions): Promise<string[]> {
  const { paint } = options;
  const { record, annotation, state, runDir } = run;
  const status = statusCell(run.status);
  const shownStatus = typeof status === 'string' ? status : paint(status.style, status.text);
  const title = `${paint('bold', oneLine(annotation.title ?? record.name))}  ${shownStatus}`;
  const test = formatTestTable(state, {
    ...options,
    isSynthetic: record.data?.isSynthetic ?? false,
    baseline: record.baseline,
  });
  const sections = [
    [title, ...placeLines(runDir), ...recordLines(record), ...annotationLines(run), ...skippedLines(state, paint)],
    run.status === 'running' ? [statusLine(state, options.width, paint)] : [],
    section('Options', await optionLines(runDir), paint),
    section('Evaluations on dev', evaluationLines(state, paint), paint),
    section('Warnings', warningLines(state), paint),
    test,
    problemLines(run, paint),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

/** A run for programs: everything of the text, in full. */
export function runObject({ state, ...run }: ShownRun): object {
  const { evaluations, best, tests, comparisons, checkpoints, warnings, step, phase, skipped } = state;
  return { ...run, step, phase, evaluations, best, tests, comparisons, checkpoints, warnings, skipped };
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines.map((line) => `  ${line}`)];
}

/** What a line of the first section says; undefined leaves the line out. */
const FACTS: readonly { readonly label: string; readonly value: (record: RunRecord) => string | undefined }[] = [
  { label: 'from', value: ({ experimentFile }) => experimentFile },
  { label: 'start', value: ({ createdAt }) => timeText(createdAt) },
  {
    label: 'took',
    value: (record) => {
      const took = durationOf(record);
      return took === undefined ? undefined : durationText(took);
    },
  },
  { label: 'seed', value: ({ seed }) => (seed === undefined ? undefined : String(seed)) },
  { label: 'data', value: ({ data }) => (data === undefined ? undefined : dataText(data)) },
  { label: 'base', value: ({ baseline }) => (baseline === undefined ? undefined : `run ${baseline}`) },
  {
    label: 'git',
    value: ({ git }) =>
      git === undefined ? undefined : `${git.commit.slice(0, 12)}${git.isDirty === true ? ' with changes' : ''}`,
  },
  {
    label: 'on',
    value: ({ machine: m }) =>
      m === undefined
        ? undefined
        : `${m.cpu}, ${m.nCores} cores, ${bytesText(m.memoryBytes)}, ${m.platform}-${m.arch}, Node ${m.node}`,
  },
];

function recordLines(record: RunRecord): string[] {
  return FACTS.flatMap(({ label, value }) => {
    const text = value(record);
    return text === undefined ? [] : [`${label.padEnd(6)} ${oneLine(text)}`];
  });
}

function dataText({ source, nQueries, nJudgements, fingerprint, isSynthetic }: NonNullable<RunRecord['data']>): string {
  const splits = (['train', 'dev', 'test'] as const)
    .filter((split) => nQueries[split] > 0)
    .map((split) => `${split} ${countText(nQueries[split])} queries/${countText(nJudgements[split])} judgements`);
  const badge = isSynthetic ? ' [synthetic]' : '';
  return `${source}${badge}: ${splits.join(', ')}; fingerprint ${fingerprint.slice(0, 12)}`;
}

function annotationLines({ annotation, annotationProblem }: RunEntry): string[] {
  const { tags, note, isBaseline } = annotation;
  return [
    ...(isBaseline ? ['baseline of this folder'] : []),
    ...(tags.length > 0 ? [`tags   ${tags.map(oneLine).join(', ')}`] : []),
    ...(note === '' ? [] : [`note   ${oneLine(note)}`]),
    ...(annotationProblem === undefined ? [] : [formatProblem(annotationProblem)]),
  ];
}

/** The options that the experiment sets, `path: value`; its defaults are in the README. */
async function optionLines(runDir: string): Promise<string[]> {
  const text = await readExperimentText(runDir).catch(() => '');
  return flatten(readYaml(text).value, '').map(([path, value]) => `${path}: ${value}`);
}

function flatten(value: unknown, path: string): [string, string][] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(value) && value.some(isObject)) return value.flatMap((item, i) => flatten(item, `${path}[${i}]`));
  if (path === '') return [];
  return [[path, valueText(value)]];
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return oneLine(value);
  return typeof value === 'number' ? writtenNumber(value) : JSON.stringify(value);
}

function evaluationLines(state: RunState, paint: Paint): string[] {
  const { evaluations, best, trained } = state;
  const hidden = evaluations.length - MAX_EVALUATIONS;
  return [
    ...(hidden > 0 ? [paint('dim', `… ${hidden} earlier`)] : []),
    ...evaluations.slice(-MAX_EVALUATIONS).map((e) => evaluationLine(e, state, paint)),
    ...(best === undefined ? [] : [`best: step ${best.step}, dev loss ${lossText(best.loss)}`]),
    ...(trained === undefined ? [] : [eventLine(trained, state, paint) ?? '']),
  ];
}

function warningLines({ warnings }: RunState): string[] {
  return warnings.map(({ problem }) => warningText(problem));
}

function skippedLines({ skipped }: RunState, paint: Paint): string[] {
  const text = skippedText(skipped);
  return text === undefined ? [] : [paint('yellow', text)];
}

function problemLines({ status, record, state, logEnd, runDir }: ShownRun, paint: Paint): string[] {
  if (!hasFailed(status)) return [];
  const problem = state.failed?.problem ?? record.problem;
  const what =
    status === 'crashed'
      ? 'the trainer’s process died'
      : problem === undefined
        ? 'no reason was given'
        : formatProblem(problem);
  const log =
    logEnd.length === 0 ? [] : [paint('dim', `end of ${runPaths.log(runDir)}`), ...logEnd.map((l) => `  ${l}`)];
  return [`${paint('red', `${status}:`)} ${what}`, ...log];
}
