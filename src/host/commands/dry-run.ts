import { ProgressLocation, window } from 'vscode';
import { totalMs } from '../../protocol/probe.ts';
import type { Lab } from '../lab.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { runsFolderOf } from '../settings.ts';
import { checkedExperiment, startFile } from './start.ts';
import { targetExperiment } from './targets.ts';
import type { CommandArgs } from './targets.ts';
import { notices } from '../notices.ts';
import { plainNotice } from '../plain-text.ts';

const START = 'Start';

/** Says what an experiment would run on and what it would take on this machine; it may be started from there. */
export async function dryRun(lab: Lab, args: CommandArgs): Promise<void> {
  const uri = await targetExperiment(lab, args, 'Experiment to look at before it starts');
  const checked = uri === undefined ? undefined : await checkedExperiment(uri);
  if (uri === undefined || checked === undefined) return;
  const { name, text, experiment, folder } = checked;
  const report = await window.withProgress(
    { location: ProgressLocation.Notification, title: plainNotice(`Dry run of ${name}`), cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const job = { kind: 'probe', text, experimentFile: uri.fsPath, runsFolder: runsFolderOf(folder) } as const;
      const onProgress = (what: string, done: number, total: number | null): void =>
        progress.report({ message: plainNotice(total === null ? `${done} ${what}` : `${done} of ${total} ${what}`) });
      return lab.trainers
        .probe(job, { cwd: folder.uri.fsPath, signal: stop.signal, onProgress })
        .catch((error: unknown) => {
          if (stop.signal.aborted) return undefined;
          throw error;
        });
    },
  );
  if (report === undefined) return;
  const { reportMarkdown } = await import('../dry-run/report-markdown.ts');
  await lab.reports.show({
    title: `Dry run of ${name}.md`,
    about: uri.fsPath,
    text: reportMarkdown(name, report, experiment),
  });
  const words = `${name} would take about ${durationText(totalMs(report))} on this machine.`;
  if ((await notices.info(words, START)) === START) await startFile(lab, uri, 'train');
}
