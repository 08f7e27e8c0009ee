import { commands } from 'vscode';
import type { Problem } from '../vocabulary/problem.ts';
import { ownOf } from '../vocabulary/own.ts';
import { foldLog, LATEST_STEPS } from '../runs/log/fold-log.ts';
import type { Lab } from './lab.ts';
import { deltaText, doubtText, intervalText, metricText } from '../vocabulary/words/metric.ts';
import { metricLabel } from '../metrics/metric-label.ts';
import { againstText, deltaOf } from './runs/delta.ts';
import { headlineOf, nameOf } from './runs/live-run.ts';
import type { ReadableRun } from './runs/live-run.ts';
import { report } from './report.ts';
import type { CommandId } from './commands/table.ts';
import { hasCheckpoint } from './panels/has-checkpoint.ts';
import { notices } from './notices.ts';

/** Tells once of each run that ends while this window is open: its headline, or why it failed. Gives the way to end that. */
export function notifyEnds(lab: Lab): () => void {
  return lab.runs.onDidEnd((live) => {
    notifyEnd(lab, live).catch((error: unknown) => report(error, lab.log));
  });
}

async function notifyEnd(lab: Lab, live: ReadableRun): Promise<void> {
  const { run } = live;
  // Somebody stopped it: that is no news.
  if (run.status === 'stopped') return;
  if (run.status === 'finished') {
    await offer(notices.info, await finishedText(lab, live), { Open: 'esciLab.openRun' }, run.runDir);
    return;
  }
  const reason = run.status === 'crashed' ? 'its trainer ended without a word' : failureText(run.record.problem);
  const text = `${nameOf(run)} ${run.status === 'crashed' ? 'crashed' : 'failed'}: ${reason}`;
  const resume = (await hasCheckpoint(run.runDir)) ? ({ Resume: 'esciLab.resumeRun' } as const) : {};
  const actions = { 'Show Log': 'esciLab.showLog', ...resume, 'Report…': 'esciLab.reportProblem' } as const;
  await offer(notices.error, text, actions, run.runDir);
}

/** The first line of the reason, and what to do about it. */
function failureText(problem: Problem | undefined): string {
  const reason = problem?.message.split('\n', 1)[0] ?? 'for an unknown reason';
  return problem?.next === undefined ? reason : `${reason.replace(/[^.!?]$/, '$&.')} ${problem.next}`;
}

/** Name, headline metric and its difference, with the interval where the run's own comparison is the one that is told. */
async function finishedText({ runs }: Lab, live: ReadableRun): Promise<string> {
  const { run } = live;
  const headline = headlineOf(run);
  if (headline === undefined) return `${nameOf(run)} finished.`;
  const marked = runs.baseline?.run;
  const delta = deltaOf(run, marked);
  const value = `${nameOf(run)} finished: ${metricLabel(headline.metric)} ${metricText(headline.value)}`;
  if (delta === undefined) return value;
  const isOwn = delta.against !== 'marked' || marked?.id === run.record.baseline;
  const folded = isOwn ? await foldLog(run.runDir, { keptSteps: LATEST_STEPS }) : undefined;
  const comparison = ownOf(folded?.state.comparisons, headline.metric);
  const interval =
    comparison === undefined ? '' : ` ${intervalText(comparison.interval)}${doubtText(comparison.interval)}`;
  return `${value}, ${deltaText(delta.value)}${interval} against ${againstText(delta, live, runs)}`;
}

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function offer(
  show: Show,
  text: string,
  actions: Readonly<Record<string, CommandId>>,
  runDir: string,
): Promise<void> {
  const chosen = await show(text, ...Object.keys(actions));
  const command = chosen === undefined ? undefined : actions[chosen];
  if (command !== undefined) await commands.executeCommand(command, runDir);
}
