import { window } from 'vscode';
import { presentSteps } from '../../runs/checkpoints.ts';
import type { ReadableRun } from '../runs/live-run.ts';

/** How a run is to be ended whose best checkpoint is lost. */
export interface CheckpointChoice {
  /** Step of the checkpoint to test and save; undefined to try the best one again. */
  readonly finalStep: number | undefined;
}

/** Asks which checkpoint stands in for the lost one; undefined when the person thinks better of it. */
export async function pickCheckpoint({ run }: ReadableRun): Promise<CheckpointChoice | undefined> {
  const best = run.record.best?.step;
  const steps = presentSteps(run.runDir);
  const others = steps
    .filter((step) => step !== best)
    .toReversed()
    .map((step) => ({
      label: `Step ${step}`,
      description: step === steps.at(-1) ? 'the last weights' : '',
      finalStep: step,
    }));
  const again = {
    label: 'Try the best one again',
    description: best === undefined ? '' : `step ${best}, once its files are back`,
    finalStep: undefined,
  };
  return window.showQuickPick([...others, again], {
    title: 'The best checkpoint cannot be restored',
    placeHolder: 'Checkpoint to test and save',
  });
}
