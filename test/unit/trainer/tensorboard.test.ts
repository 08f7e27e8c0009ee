import { expect, it } from 'vitest';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { tensorBoardFile } from '../../../src/trainer/report/tensorboard.ts';
import { evaluation, started, step } from '../runs/events.ts';

/** The records of a TFRecord file, without their checksums. */
function recordsOf(file: Uint8Array): Buffer[] {
  const bytes = Buffer.from(file);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(bytes.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
  return records;
}

it('the curves for TensorBoard have each step and each evaluation that counts, in the order of the run', () => {
  const events = [
    started(),
    ...[1, 2, 3].map((n) => step(n)),
    evaluation(2),
    { type: 'resumed', t: 5, fromStep: 2, pid: 2 } as const,
    ...[3, 4].map((n) => step(n)),
    evaluation(4, { metrics: { esci_ndcg: 0.8, mrr: 0.5 } }),
  ];
  const records = recordsOf(tensorBoardFile(foldEvents(NO_EVENTS, events)));
  const tags = records.map((record) => record.toString('latin1').match(/brain\.Event:2|(?:train|eval)\/\w+/g));
  const train = ['train/loss', 'train/learning_rate', 'train/grad_norm', 'train/epoch'];
  expect(tags).toEqual([
    ['brain.Event:2'],
    train,
    train,
    ['eval/loss', 'eval/esci_ndcg'],
    train,
    train,
    ['eval/loss', 'eval/esci_ndcg', 'eval/mrr'],
  ]);
});
