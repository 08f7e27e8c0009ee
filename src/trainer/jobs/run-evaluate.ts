import { loadTokeniser } from '../../tokenise/tokeniser.ts';
import { readModelConfig } from '../../model/load.ts';
import { EVENTS_VERSION } from '../../protocol/events.ts';
import { runBaseline } from './baseline.ts';
import type { JobContext } from './job-context.ts';
import { prepareData, prepareModelFolder, scorePretrained } from './prepare.ts';
import { describeData } from './run-train.ts';
import { reportTest } from '../report/test-report.ts';

/** Evaluates the experiment's model as it is on the test split. Returns null: it has no step to stop at. */
export async function runEvaluate(context: JobContext): Promise<null> {
  const { experiment } = context;
  const named = await runBaseline(context);
  const modelFolder = await prepareModelFolder(context);
  const data = await prepareData(context, ['test']);
  const baseline = await named?.scoresOn(data.test);
  const tokens = await loadTokeniser(modelFolder, readModelConfig(modelFolder));
  await context.update({ data: describeData(data) });
  context.emit({
    type: 'started',
    version: EVENTS_VERSION,
    runId: context.record.id,
    pid: process.pid,
    totalSteps: 0,
    stepsPerEpoch: 0,
    evalSteps: 0,
    patience: experiment.hyperparameters.early_stopping_patience,
    threads: experiment.threads ?? 0,
    device: experiment.device,
    nTrainPairs: 0,
    nDevQueries: 0,
    nTestQueries: data.test.length,
    headline: context.record.headline ?? experiment.evaluation.metrics[0]!,
  });
  const pretrained = await scorePretrained(context, modelFolder, data.test, tokens);
  const test = await reportTest(context, data.test, { pretrained, ...(baseline && { baseline }) });
  await context.update({ test });
  return null;
}
