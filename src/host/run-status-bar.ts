import { MarkdownString, StatusBarAlignment, window } from 'vscode';
import type { Disposal } from './disposal.ts';
import type { Lab } from './lab.ts';
import { plainLabel } from './plain-text.ts';
import { isActive } from '../vocabulary/status.ts';
import { isReadable, nameOf } from './runs/live-run.ts';
import { progressText } from './views/run-item.ts';
import { runTooltip } from './views/run-tooltip.ts';

/** One item while a trainer is at work: name, progress, time left; a click opens the run. Nothing otherwise. */
export function showRunStatus({ runs, trainers }: Lab): Disposal {
  const item = window.createStatusBarItem('esciLab.run', StatusBarAlignment.Left, 10);
  item.name = 'ESCI Lab: Run';

  function update(): void {
    const active = runs.runs.filter(isReadable).filter(({ run }) => isActive(run.status));
    const [first, ...others] = active;
    if (first === undefined) {
      item.hide();
      return;
    }
    const { run, state } = first;
    const progress = trainers.isStopping(run.runDir) ? 'stopping' : progressText(state);
    const more = others.length === 0 ? '' : `  +${others.length}`;
    item.text = `$(sync~spin) ${plainLabel(nameOf(run))}  ${progress}${more}`;
    item.tooltip = new MarkdownString(active.map((live) => runTooltip(live, runs)).join('\n\n---\n\n'));
    item.accessibilityInformation = { label: `ESCI Lab run: ${nameOf(run)}, ${progress}` };
    item.command = { command: 'esciLab.openRun', title: 'Open Run', arguments: [run.runDir] };
    item.show();
  }

  const endings = [runs.onDidChange(update), trainers.onDidChange(update)];
  return {
    dispose() {
      for (const end of endings) end();
      item.dispose();
    },
  };
}
