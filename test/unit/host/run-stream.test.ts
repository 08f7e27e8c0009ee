import { describe, expect, it } from 'vitest';
import { openRunStream } from '../../../src/host/panels/run-stream.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { runUpdateCheck } from '../../../src/protocol/panels/run-updates.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { growingColumns } from '../../../webview/shared/columns.ts';
import { evaluation, ONE_OF_EACH, started, step } from '../runs/events.ts';

const added = (events: readonly RunEvent[], isRestart = false) => ({ events, badLines: [], isRestart });

/** Everything that a panel has after the updates of these batches. */
function replay(batches: readonly (readonly RunEvent[])[]) {
  const stream = openRunStream();
  const steps = growingColumns(['step', 'loss']);
  let evaluations: readonly number[] = [];
  for (const batch of batches) {
    stream.add(added(batch));
    const update = stream.take();
    if (update === undefined) continue;
    expect(runUpdateCheck(structuredClone(update), '')).toEqual([]);
    steps.apply(update.steps);
    evaluations = [...evaluations.slice(0, update.evaluations.keep), ...update.evaluations.rows.map((e) => e.step)];
  }
  return { steps: [...steps.column('step')], losses: [...steps.column('loss')], evaluations };
}

const steps = (from: number, to: number, loss = 1) =>
  Array.from({ length: to - from + 1 }, (_, i) => step(from + i, { loss }));

describe('run stream', () => {
  it('gives the same by pieces as at once, across a resume', () => {
    const events: RunEvent[] = [
      started(),
      ...steps(1, 12),
      evaluation(10),
      { type: 'resumed', t: 5, fromStep: 8, pid: 2 },
      ...steps(9, 11, 2),
      evaluation(11),
    ];
    const whole = replay([events]);
    expect(replay(events.map((event) => [event]))).toEqual(whole);
    expect(replay([events.slice(0, 7), events.slice(7, 16), events.slice(16)])).toEqual(whole);
    const state = foldEvents(NO_EVENTS, events);
    expect(whole.steps).toEqual(state.steps.step);
    expect(whole.losses).toEqual(state.steps.loss);
    expect(whole.evaluations).toEqual([11]);
  });

  it('tells everything first, even of a run without events, then only news', () => {
    const stream = openRunStream();
    expect(stream.take()?.facts.status).toBe('waiting');
    expect(stream.take()).toBeUndefined();
    stream.add(added(Object.values(ONE_OF_EACH)));
    expect(stream.take()?.facts.status).toBe('failed');
    expect(stream.take()).toBeUndefined();
  });

  it('starts anew after the log was replaced', () => {
    const stream = openRunStream();
    stream.add(added([started(), ...steps(1, 5)]));
    stream.take();
    stream.add(added([started(), ...steps(1, 2)], true));
    const update = stream.take();
    expect(update?.steps.keep).toBe(0);
    expect([...update!.steps.rows.step]).toEqual([1, 2]);
  });

  it('says how many lines were skipped', () => {
    const stream = openRunStream();
    const badLine = { kind: 'no-json', offset: 0, length: 1, text: 'x', reason: 'y' } as const;
    stream.add({ events: [], badLines: Array(300).fill(badLine), isRestart: false });
    const update = stream.take()!;
    expect(runUpdateCheck(structuredClone(update), '')).toEqual([]);
    expect(update.facts.skipped.counts['no-json']).toBe(300);
  });

  it('takes a whole log of 200,000 events', () => {
    const stream = openRunStream();
    stream.add(added(steps(1, 200_000)));
    expect(stream.take()?.steps.rows.step).toHaveLength(200_000);
  });
});
