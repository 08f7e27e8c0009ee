import { join } from 'node:path';
import { Uri, window } from 'vscode';
import type { RunState } from '../../protocol/run-state.ts';
import { comparisonsCsv, evaluationsCsv, runJson, stepsCsv, testsCsv } from '../../runs/export.ts';
import { foldLog } from '../../runs/log/fold-log.ts';
import { isOver } from '../../vocabulary/status.ts';
import { writeFileAtomic } from '../../files/write-file.ts';
import type { Lab } from '../lab.ts';
import type { ReadableRun } from '../runs/live-run.ts';
import { targetRun } from './targets.ts';
import type { CommandArgs } from './targets.ts';
import { notices } from '../notices.ts';

interface Format {
  readonly label: string;
  readonly file: string;
  readonly text: (state: RunState, live: ReadableRun) => string;
}

const FORMATS: readonly Format[] = [
  { label: 'Test table (CSV)', file: 'test.csv', text: testsCsv },
  { label: 'Test differences with intervals (CSV)', file: 'comparisons.csv', text: comparisonsCsv },
  { label: 'Training steps (CSV)', file: 'steps.csv', text: stepsCsv },
  { label: 'Evaluations on dev (CSV)', file: 'evaluations.csv', text: evaluationsCsv },
  {
    label: 'Everything (JSON)',
    file: 'run.json',
    text: (state, { run }) => runJson(run.record, run.annotation, state),
  },
];

/** Writes a run's results to a file that the person names. */
export async function exportRun(lab: Lab, args: CommandArgs): Promise<void> {
  const live = await targetRun(lab, args, 'Run to export');
  if (live === undefined) return;
  const format = await window.showQuickPick(FORMATS, { placeHolder: 'What to export' });
  if (format === undefined) return;
  const defaultUri = Uri.file(join(live.runsFolder, '..', `${live.run.id}-${format.file}`));
  const uri = await window.showSaveDialog({ defaultUri, saveLabel: 'Export' });
  if (uri === undefined) return;
  const { state } = await foldLog(live.run.runDir, { isOver: isOver(live.run.status) });
  await writeFileAtomic(uri.fsPath, format.text(state, live));
  if ((await notices.info(`Exported ${uri.fsPath}`, 'Open')) === 'Open') {
    await window.showTextDocument(uri);
  }
}
