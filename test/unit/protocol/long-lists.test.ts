import { expect, it } from 'vitest';
import { formatTable, tableWidth } from '../../../src/cli/format/format-table.ts';
import { painter } from '../../../src/cli/format/paint.ts';
import { towerFeeds } from '../../../src/engine/onnx/feeds.ts';
import { parseModelConfig } from '../../../src/model/model-config.ts';
import { maxOf, minOf } from '../../../src/vocabulary/extremes.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { evaluationsCsv } from '../../../src/runs/export.ts';
import type { Line } from '../../../webview/shared/line.ts';
import { extentOf } from '../../../webview/shared/line.ts';
import { evaluation, ONE_OF_EACH, step } from '../runs/events.ts';

/** More than the arguments of a call may be. */
const N = 200_000;
const range = Array.from({ length: N }, (_, i) => i + 1);

it('extremes are those of Math.max and Math.min, for lists of any length', () => {
  expect([maxOf(range), minOf(range), maxOf(range, 1e6), minOf(range, -1)]).toEqual([N, 1, 1e6, -1]);
  expect([maxOf([]), minOf([]), maxOf([1, NaN, 2]), minOf([NaN, 1])]).toEqual([-Infinity, Infinity, NaN, NaN]);
});

it('a table takes as many rows', () => {
  const lines = formatTable(
    [{ header: 'n' }],
    range.map((n) => [String(n)]),
    { paint: painter(false) },
  );
  expect(lines).toHaveLength(N + 1);
  expect(tableWidth(lines)).toBe(6);
});

it('a micro-batch takes as many sequences', () => {
  const config = {
    ...{ model_type: 'bert', vocab_size: 9, hidden_size: 2, num_hidden_layers: 1, num_attention_heads: 1 },
    ...{
      intermediate_size: 2,
      max_position_embeddings: 4,
      type_vocab_size: 2,
      hidden_act: 'gelu',
      layer_norm_eps: 1e-12,
    },
  };
  const sequences = range.map(() => ({ ids: Int32Array.of(1), typeIds: Int32Array.of(0) }));
  expect(towerFeeds(sequences, parseModelConfig(config, 'x'), 'cls').binding).toMatchObject({ batch: N });
});

it('a run takes as many warnings, evaluations and steps, and is exported', () => {
  const events = range.flatMap((n) => [step(n), evaluation(n), ONE_OF_EACH.warning]);
  const state = foldEvents(NO_EVENTS, events);
  expect([state.steps.step.length, state.evaluations.length, state.warnings.length]).toEqual([N, N, N]);
  expect(evaluationsCsv(state).length).toBeGreaterThan(N);
});

it('a chart takes as many lines', () => {
  const curve = { x: Float64Array.of(2, 5), y: Float64Array.of(0, 0) };
  const line: Line = { id: 'a', label: 'a', colour: 'red', width: 1, curve, format: String };
  expect(extentOf(range.map(() => line))).toEqual([2, 5]);
});
