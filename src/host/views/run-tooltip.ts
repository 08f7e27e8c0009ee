/** A run's tooltip as Markdown; pure. Texts of people and files are escaped: a tooltip must not carry links of others. */
import { ownOf } from '../../vocabulary/own.ts';
import { STATUSES } from '../../vocabulary/status.ts';
import { rankerLabel, RANKERS } from '../../vocabulary/ranker.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import { formatProblem } from '../../vocabulary/problem.ts';
import { problemOf } from '../../protocol/rpc.ts';
import { durationOf } from '../../protocol/run-record.ts';
import { skippedText } from '../../protocol/skipped-lines.ts';
import type { SkippedLines } from '../../protocol/skipped-lines.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { escapeMarkdown, escapeMarkdownLine } from '../plain-text.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { deltaMark, deltaText, metricText } from '../../vocabulary/words/metric.ts';
import { timeText } from '../../vocabulary/words/time.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import { againstText, deltaOf } from '../runs/delta.ts';
import type { RunLookup } from '../runs/delta.ts';
import { isReadable, nameOf } from '../runs/live-run.ts';
import type { LiveRun, ReadableRun } from '../runs/live-run.ts';

/** The tooltip of a run's row: status, test table, data and machine, note; and what was skipped of its log, where that is known. */
export function runTooltip(live: LiveRun, runs: RunLookup, skipped = live.state?.skipped): string {
  if (!isReadable(live)) return unreadableText(live.run.id, live.run.problem);
  try {
    return readableText(live, runs, skipped);
  } catch (error) {
    // One tooltip of the status bar tells of all active runs.
    return unreadableText(live.run.id, problemOf(error));
  }
}

function unreadableText(id: string, problem: Problem): string {
  return `**${escapeMarkdownLine(id)}**\n\n${escapeMarkdown(formatProblem(problem))}`;
}

function readableText(live: ReadableRun, runs: RunLookup, skipped: SkippedLines | undefined): string {
  const { run } = live;
  const { record, annotation } = run;
  const parts = [
    `**${escapeMarkdownLine(nameOf(run))}** · ${STATUSES[run.status].word}${annotation.isBaseline ? ' · baseline' : ''}`,
    record.problem === undefined || run.status === 'running' ? '' : escapeMarkdown(formatProblem(record.problem)),
    testTable(run),
    deltaLine(live, runs),
    facts(run),
    annotation.tags.map((tag) => escapeMarkdownLine(`#${tag}`)).join(' '),
    escapeMarkdown(annotation.note),
    escapeMarkdown((skipped && skippedText(skipped)) ?? ''),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Rankers as rows, metrics as columns. */
function testTable({ record }: RunEntry): string {
  const test = record.test ?? {};
  const rankers = RANKERS.filter((ranker) => test[ranker] !== undefined);
  if (rankers.length === 0) return '';
  const metrics = [...new Set(rankers.flatMap((ranker) => Object.keys(test[ranker] ?? {})))];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['Test', ...metrics.map((name) => escapeMarkdownLine(metricLabel(name)))]),
    row([':--', ...metrics.map(() => '--:')]),
    ...rankers.map((ranker) =>
      row([rankerLabel(ranker), ...metrics.map((name) => metricText(ownOf(test[ranker], name)))]),
    ),
  ].join('\n');
}

function deltaLine(live: ReadableRun, runs: RunLookup): string {
  const { run } = live;
  const delta = deltaOf(run, runs.baseline?.run);
  if (delta !== undefined) {
    return `${deltaMark(delta.value)} ${deltaText(delta.value)} against ${escapeMarkdownLine(againstText(delta, live, runs))}`;
  }
  const isOther = runs.baseline !== undefined && !run.annotation.isBaseline && run.record.test !== undefined;
  return isOther ? 'No difference is shown: the baseline was tested on other data or with another metric.' : '';
}

function facts({ record }: RunEntry): string {
  const { startedAt, createdAt, machine, data, lastStep, totalSteps } = record;
  const took = durationOf(record);
  const steps = totalSteps === undefined || totalSteps === 0 ? undefined : `${lastStep ?? 0} of ${totalSteps} steps`;
  return [
    timeText(startedAt ?? createdAt),
    took === undefined ? undefined : `took ${durationText(took)}`,
    steps,
    machine === undefined ? undefined : escapeMarkdownLine(machine.cpu),
    data === undefined ? undefined : `${escapeMarkdownLine(data.source)}${data.isSynthetic ? ' (synthetic)' : ''}`,
  ]
    .filter((fact) => fact !== undefined)
    .join(' · ');
}
