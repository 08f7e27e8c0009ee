import { describe, expect, it } from 'vitest';
import type { Pooling } from '../../../src/config/options/names.ts';
import { openTraining } from '../../../src/engine/onnx/onnx-engine.ts';
import { schedules } from '../../../src/engine/schedule.ts';
import type { LossName } from '../../../src/losses/losses.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import { batchOf } from './random-ranker.ts';
import { oracleCase, oracleRanker, oracleSequences } from './oracle-case.ts';

interface Drift {
  readonly overall: number;
  readonly overallWithoutKeyBiases: number;
  readonly perParameter: Readonly<Record<string, number>>;
}

interface Trajectory {
  readonly kind: ModelType;
  readonly lossName: string;
  readonly pooling?: Pooling;
  readonly steps: number;
  readonly warmupSteps: number;
  readonly peakLr: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
  readonly clippedSteps: number;
  readonly keyBiases: readonly string[];
  readonly float32Drift: Drift;
}

/** A deliberate mistake; the thresholds must notice each. */
interface Mutation {
  readonly weightDecay?: number;
  readonly decaysEverything?: boolean;
  readonly maxNorm?: null;
  readonly shift?: number;
}

const LOSS: Readonly<Record<string, LossName>> = { mse: 'MSE', bce: 'BCE', 'cosine-mse': 'cosine-MSE' };
const CASES = ['tiny-adamw-cross-bce', 'small-adamw-cross-mse', 'small-adamw-bi-cosine-mse-mean'];

/** Runs the 30 steps; returns the deviations from the float64 run. */
async function run(name: string, mutation: Mutation = {}) {
  const oracle = oracleCase(name);
  const info = oracle.info as unknown as Trajectory & { modelFolder: string };
  const { ranker, parameters } = oracleRanker(info.modelFolder, info.kind, info.pooling ?? 'cls');
  const start = new Map([...parameters].map(([key, { data }]) => [key, data.slice()]));
  const engine = await openTraining(
    ranker,
    parameters,
    {
      loss: LOSS[info.lossName]!,
      trainedBlocks: new Set(['embeddings', 'encoder', 'pooler', 'classifier']),
      ...{ dropout: 0, hasDropoutInFrozen: false, seed: 0 },
      ...{ optimizer: 'AdamW', weightDecay: mutation.weightDecay ?? info.weightDecay },
    },
    { device: 'cpu', threads: null },
    ...(mutation.decaysEverything === true ? [() => true] : []),
  );
  const slices = sliceSteps(oracle, ranker.towers, info.steps);
  const losses = oracle.doubles('losses');
  const norms = oracle.doubles('gradNorms');
  let lossDeviation = 0;
  let normDeviation = 0;
  let clipped = 0;
  for (let i = 0; i < info.steps; i++) {
    const { towers, targets } = slices[i]!;
    const weights = new Array<number>(targets.length).fill(1 / targets.length);
    const point = { step: i + (mutation.shift ?? 0), totalSteps: info.steps, warmupSteps: info.warmupSteps };
    const { loss, gradNorm: norm } = await engine.step([batchOf(towers, { targets: [...targets], weights })], {
      step: i,
      lr: info.peakLr * schedules.linear(point),
      maxNorm: mutation.maxNorm === null ? null : info.maxGradNorm,
    });
    if (norm > info.maxGradNorm) clipped++;
    lossDeviation = Math.max(lossDeviation, Math.abs(loss - losses[i]!) / Math.abs(losses[i]!));
    normDeviation = Math.max(normDeviation, Math.abs(norm - norms[i]!) / norms[i]!);
  }
  await engine.dispose();
  let [difference, length, differenceWithKeys, lengthWithKeys] = [0, 0, 0, 0];
  const perParameter: Record<string, number> = {};
  for (const [key, { data }] of parameters) {
    const full = oracle.has(`final.${key}`) ? key : `bert.${key}`;
    const final = info.modelFolder === 'tiny' ? oracle.doubles(`final.${full}`) : oracle.floats(`final.${full}`);
    let [d, l] = [0, 0];
    data.forEach((value, i) => {
      d += (value - final[i]!) ** 2;
      l += (final[i]! - start.get(key)![i]!) ** 2;
    });
    differenceWithKeys += d;
    lengthWithKeys += l;
    if (info.keyBiases.includes(full)) continue;
    difference += d;
    length += l;
    perParameter[full] = Math.sqrt(d / l);
  }
  return {
    info,
    clipped,
    lossDeviation,
    normDeviation,
    perParameter,
    drift: Math.sqrt(difference / length),
    driftWithKeys: Math.sqrt(differenceWithKeys / lengthWithKeys),
  };
}

function sliceSteps(oracle: ReturnType<typeof oracleCase>, prefixes: readonly string[], nSteps: number) {
  const targets = oracle.floats('targets');
  const perStep = targets.length / nSteps;
  const read = new Map(
    prefixes.flatMap((p) => ['ids', 'typeIds', 'mask'].map((key) => [p + key, oracle.ints(p + key)] as const)),
  );
  return Array.from({ length: nSteps }, (_, i) => ({
    targets: targets.slice(i * perStep, (i + 1) * perStep),
    towers: prefixes.map((prefix) => {
      const [, batch, tokens] = oracle.shape(`${prefix}ids`) as [number, number, number];
      const part = (key: string) => read.get(prefix + key)!.slice(i * batch * tokens, (i + 1) * batch * tokens);
      return oracleSequences(
        { ...oracle, ints: (key) => part(key.slice(prefix.length)), shape: () => [batch, tokens] },
        prefix,
      );
    }),
  }));
}

describe('30 AdamW steps follow PyTorch in float64', () => {
  it.each(CASES)('%s', async (name) => {
    const { info, clipped, lossDeviation, normDeviation, drift, driftWithKeys, perParameter } = await run(name);
    console.log(
      `${name}: loss ${lossDeviation.toExponential(1)}, drift ${drift.toExponential(2)} (PyTorch float32 ${info.float32Drift.overallWithoutKeyBiases.toExponential(2)}), ` +
        `with key biases ${driftWithKeys.toExponential(2)} (${info.float32Drift.overall.toExponential(2)}), clipped ${clipped} of 30`,
    );
    expect(clipped).toBe(info.clippedSteps);
    expect(clipped).toBeGreaterThanOrEqual(10);
    expect(lossDeviation).toBeLessThanOrEqual(1e-4);
    expect(normDeviation).toBeLessThanOrEqual(1e-4);
    expect(drift).toBeLessThanOrEqual(2 * info.float32Drift.overallWithoutKeyBiases);
    expect(Math.max(...Object.values(perParameter))).toBeLessThanOrEqual(
      3 * Math.max(...Object.values(info.float32Drift.perParameter)),
    );
  });

  const mutations: readonly (readonly [string, Mutation])[] = [
    ['decay dropped', { weightDecay: 0 }],
    ['decay applied to biases', { decaysEverything: true }],
    ['clipping dropped', { maxNorm: null }],
    ['schedule shifted by a step', { shift: 1 }],
  ];
  it.each(CASES.flatMap((name) => mutations.map(([what, mutation]) => [name, what, mutation] as const)))(
    '%s notices: %s',
    async (name, _what, mutation) => {
      const { info, drift } = await run(name, mutation);
      expect(drift).toBeGreaterThan(10 * info.float32Drift.overallWithoutKeyBiases);
    },
  );
});
