import { Uri, window, workspace } from 'vscode';
import type { RunAction } from '../protocol/panels/actions.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { runPaths } from '../runs/layout.ts';
import { renameRun, setBaseline } from './commands/annotate.ts';
import { compareRuns, diffExperiments, openRun, revealFolder, showLog } from './commands/show.ts';
import { reportProblem } from './commands/report-problem.ts';
import { resumeRun, startAgain, stopRun } from './commands/start.ts';
import type { CommandArgs } from './commands/targets.ts';
import type { Lab } from './lab.ts';
import type { PanelActions } from './panels/panel-host.ts';
import { mayRun } from './report.ts';
import { nameOf } from './runs/live-run.ts';

/** What panels ask for is done by the same functions as the commands; their failures show in the panel. */
export function panelActions(lab: () => Lab): PanelActions {
  return {
    async act(action, runDir) {
      const isKnown = lab().runs.get(runDir) !== undefined;
      if (!isKnown) await lab().runs.refresh();
      if (lab().runs.get(runDir) === undefined) {
        throw new ProblemError({
          code: 'no-run',
          message: 'This run is not in the workspace any more.',
          where: runDir,
        });
      }
      if (NEED_TRUST.has(action) && !(await mayRun(workspace.isTrusted))) return;
      await actions[action](lab(), [runDir]);
    },
    diff: (runDirs) => diffExperiments(lab(), [runDirs[0], [...runDirs]]),
    nameOf(runDir) {
      const live = lab().runs.get(runDir);
      return live && nameOf(live.run);
    },
  };
}

/** As the commands of the same functions. */
const NEED_TRUST: ReadonlySet<RunAction> = new Set(['stop', 'resume', 'startAgain']);

const actions = {
  stop: stopRun,
  resume: resumeRun,
  startAgain,
  rename: renameRun,
  compare: compareRuns,
  setBaseline,
  openRun,
  openExperiment,
  showLog,
  revealFolder,
  reportProblem,
} satisfies Record<RunAction, (lab: Lab, args: CommandArgs) => Promise<void>>;

/** The experiment as it ran, from the run folder. */
async function openExperiment(_lab: Lab, [runDir]: CommandArgs): Promise<void> {
  if (typeof runDir === 'string') await window.showTextDocument(Uri.file(runPaths.experiment(runDir)));
}
