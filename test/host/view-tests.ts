/** The tests of every view. The first one fails when the manifest has a view that is not in the table. */
import assert from 'node:assert/strict';
import { test } from './run-tests.ts';
import type { HostTest, HostTests } from './run-tests.ts';
import { experimentsViewTests } from './views/experiments.ts';
import { runsViewTests } from './views/runs.ts';
import { manifest } from './fixture.ts';

const TESTS: Readonly<Record<string, HostTests>> = {
  'esciLab.runs': runsViewTests,
  'esciLab.experiments': experimentsViewTests,
};

/** All of them, each named by its view. */
export function viewTests(): readonly HostTest[] {
  const named = Object.entries(TESTS).flatMap(([id, tests]) =>
    tests.map(({ name, run }) => test(`view ${id.replace('esciLab.', '')} ${name}`, run)),
  );
  return [test('every view is tested', sameViews), ...named];
}

function sameViews(): Promise<void> {
  const views = Object.values(manifest().contributes.views).flat();
  assert.deepEqual(Object.keys(TESTS).sort(), views.map(({ id }) => id).sort());
  return Promise.resolve();
}
