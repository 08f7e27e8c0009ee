import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openRowChanges } from '../../../src/host/views/row-changes.ts';
import type { RowChanges } from '../../../src/host/views/row-changes.ts';

let texts: Map<string, string>;
let drawn: (readonly string[] | 'all')[];
let rows: RowChanges;

/** Draws as the editor does: it asks for the list, then for each row. */
function drawList(): void {
  rows.drewList();
  for (const key of texts.keys()) rows.drew(key);
}

beforeEach(() => {
  vi.useFakeTimers();
  texts = new Map(Array.from({ length: 100 }, (_, i) => [`run ${i}`, 'finished']));
  drawn = [];
  rows = openRowChanges({
    textOf: (key) => texts.get(key) ?? '',
    orderText: () => [...texts.keys()].join(),
    draw(keys) {
      drawn.push(keys ?? 'all');
      if (keys === undefined) drawList();
      else for (const key of keys) rows.drew(key);
    },
  });
  drawList();
});
afterEach(() => {
  rows.dispose();
  vi.useRealTimers();
});

it('draws only rows that show something else than before', () => {
  texts.set('run 3', 'failed');
  rows.update(['run 2', 'run 3']);
  rows.update(['run 2', 'run 3']);
  expect(drawn).toEqual([['run 3']]);
});

it('draws the whole list when a row came, went or moved', () => {
  texts.delete('run 7');
  rows.updateList([]);
  texts.set('run 7', 'finished');
  rows.updateList(['run 7']);
  expect(drawn).toEqual(['all', 'all']);
});

it('draws of an unchanged list what depends on others, and what is said to have changed', () => {
  texts.set('run 1', 'difference to another baseline');
  rows.updateList(['run 5']);
  expect(drawn).toEqual([['run 1', 'run 5']]);
});

it('draws everything at once when much has changed', () => {
  for (const key of texts.keys()) texts.set(key, 'an hour ago');
  rows.updateList([]);
  expect(drawn).toEqual(['all']);
});

it('does not draw rows that the list does not have', () => {
  rows.update(['below a filter']);
  rows.updateList(['below a filter']);
  expect(drawn).toEqual([]);
});

it('draws progress once a second, the latest last', () => {
  for (let percent = 1; percent < 20; percent++) {
    texts.set('run 0', `${percent} %`);
    rows.updateProgress(['run 0']);
    vi.advanceTimersByTime(100);
  }
  expect(drawn).toHaveLength(2);
  vi.advanceTimersByTime(1000);
  expect(drawn).toHaveLength(3);
  vi.advanceTimersByTime(5000);
  expect(drawn).toHaveLength(3);
});
