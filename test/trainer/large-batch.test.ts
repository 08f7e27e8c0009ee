import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foldLog } from '../../src/runs/log/fold-log.ts';
import { requestStop } from '../../src/runs/stop-request.ts';
import {
  newRun,
  startTrainer,
  temporaryFolder,
  tinyExperiment,
  untilEvent,
  writeTinyData,
  writeTinyModel,
} from './tiny-run.ts';

/** Batches are sorted by length fifty at a time: 132,000 pairs in one piece, more than a call takes as arguments. */
it('trains with batches of 3,000 pairs', { timeout: 240_000 }, async () => {
  const folder = temporaryFolder();
  const model = writeTinyModel(join(folder, 'model'));
  const data = writeTinyData(join(folder, 'data'), { train: 22_000, dev: 4, test: 5 });
  const runDir = await newRun(join(folder, 'runs'), tinyExperiment(model, data, { batch_size: 3000, max_length: 8 }));
  const { done } = startTrainer({ kind: 'train', runDir, resume: false });
  const stepped = untilEvent(runDir, (text) => text.includes('"type":"step"') || text.includes('"type":"failed"'));
  await Promise.race([stepped, done]);
  await requestStop(runDir);
  const { output } = await done;
  const { state } = await foldLog(runDir, { isOver: true });
  expect(state.failed, output).toBeUndefined();
  expect(state.steps.nPairs[0]).toBe(3000);
  expect(state.steps.loss[0]).toBeGreaterThan(0);
});
