import { expect, it } from 'vitest';
import { groupRuns, DEFAULT_ORDER } from '../../../src/host/views/run-order.ts';
import { liveRun, tested } from './runs.ts';

const NOW = new Date(2026, 10, 23, 12).getTime();
const DAY = 86_400_000;
const runs = [
  liveRun({ id: 'd', name: 'one', status: 'running', record: { createdAt: NOW } }),
  liveRun({
    id: 'c',
    name: 'two',
    record: { createdAt: NOW - DAY, ...tested(0.5, 0.7) },
    annotation: { tags: ['Keep'] },
  }),
  liveRun({ id: 'b', name: 'one', record: { createdAt: NOW - 3 * DAY, ...tested(0.5, 0.9) } }),
  liveRun({
    id: 'a',
    name: 'ten',
    status: 'failed',
    record: { createdAt: NOW - 3 * DAY },
    annotation: { note: 'keep it' },
  }),
];

const ids = (order: Partial<typeof DEFAULT_ORDER>) =>
  groupRuns(runs, { ...DEFAULT_ORDER, ...order }, NOW).map(({ heading, runs: members }) => [
    heading,
    members.map(({ run }) => run.id).join(''),
  ]);

it('keeps the newest first without groups', () => {
  expect(ids({})).toEqual([['', 'dcba']]);
});

it('sorts by metric, runs without a result last and in their order', () => {
  expect(ids({ sorting: 'metric' })).toEqual([['', 'bcda']]);
});

it('groups by status, experiment and day', () => {
  expect(ids({ grouping: 'status' })).toEqual([
    ['Running', 'd'],
    ['Finished', 'cb'],
    ['Failed', 'a'],
  ]);
  expect(ids({ grouping: 'experiment' })).toEqual([
    ['one', 'db'],
    ['two', 'c'],
    ['ten', 'a'],
  ]);
  expect(ids({ grouping: 'day' })).toEqual([
    ['Today', 'd'],
    ['Yesterday', 'c'],
    ['2026-11-20', 'ba'],
  ]);
});

it('filters by words anywhere and by tag alone', () => {
  expect(ids({ filter: 'keep' })).toEqual([['', 'ca']]);
  expect(ids({ filter: '#keep' })).toEqual([['', 'c']]);
  expect(ids({ filter: 'one failed' })).toEqual([]);
});
