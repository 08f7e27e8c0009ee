import type { ParameterSet } from '../../model/parameter-set.ts';
import type { ParameterSpec } from '../../model/parts/parameter-spec.ts';
import type { Ranker } from '../../model/rankers/ranker.ts';
import type { FloatTensor } from '../../model/tensor-stream.ts';
import { streamOf, type TensorStream } from '../../model/tensor-stream.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import type { DeviceOptions, Engine, TrainingEngine, TrainingOptions, TrainingPart } from '../engine.ts';
import { GradientStep } from './gradient-step.ts';
import { OPTIMIZERS } from './optimizers.ts';
import { ParameterUpdate } from './parameter-update.ts';
import { openScorer } from './scorer.ts';

/** Trains by our own autodiff on onnxruntime: the graph gives gradients, the host updates parameters that all sessions share. */
export const onnxEngine: Engine = { openTraining, openScorer };

/** @param hasDecay which parameters weight decay acts on; by default all but biases and LayerNorm */
export async function openTraining(
  ranker: Ranker,
  parameters: ParameterSet,
  training: TrainingOptions,
  device: DeviceOptions,
  hasDecay = (spec: ParameterSpec): boolean => spec.hasDecay,
): Promise<TrainingEngine> {
  const gradient = await GradientStep.create(ranker, training, parameters, device);
  const scorer = await openScorer(ranker, parameters, device);
  const { weightDecay, seed } = training;
  const optimizer = OPTIMIZERS[training.optimizer];
  const update = new ParameterUpdate(parameters, gradient.gradients, { optimizer, weightDecay, hasDecay });
  const parts: { readonly [P in TrainingPart]: () => ReadonlyMap<string, FloatTensor> } = {
    parameters: () => parameters,
    moments: () => momentTensors(update.moments),
  };
  return {
    nTrained: update.nTrained,
    async step(batches, { step, lr, maxNorm }) {
      let [loss, nTokens] = [0, 0];
      try {
        for (const batch of batches) {
          const result = await gradient.accumulate(batch, { seed, step });
          loss += result.loss;
          nTokens += result.nTokens;
        }
        const { norm, culprit } = update.norm();
        const fault = culprit === null && Number.isFinite(loss) ? null : faultOf(culprit, loss, parameters);
        if (fault === null) update.apply({ lr, t: step + 1, maxNorm, norm });
        return { loss, gradNorm: norm, nTokens, fault };
      } finally {
        gradient.clear();
      }
    },
    read: (part) => streamOf(parts[part]()),
    async write(part, stream) {
      await fill(parts[part](), stream);
      if (part === 'moments') update.restored();
    },
    scorer,
    memory: () => Promise.resolve({ peakHostBytes: process.resourceUsage().maxRSS * 1024, deviceBytes: null }),
    async dispose() {
      await Promise.all([gradient.dispose(), scorer.dispose()]);
    },
  };
}

/** Names a parameter that is not finite itself, else the one whose gradient is not, else the loss. */
function faultOf(culprit: string | null, loss: number, parameters: ParameterSet): Problem {
  if (culprit === null) return { code: 'loss-not-finite', message: 'its gradient is finite' };
  const [parameter] = [...parameters].find(([, { data }]) => !data.every(Number.isFinite)) ?? [];
  return parameter === undefined
    ? { code: 'gradient-not-finite', message: `the gradient of ${culprit} is not finite`, where: culprit }
    : { code: 'parameter-not-finite', message: `${parameter} holds a value that is not finite`, where: parameter };
}

function momentTensors(moments: ParameterUpdate['moments']): Map<string, FloatTensor> {
  return new Map(
    [...moments].flatMap(([name, { m, v }]): [string, FloatTensor][] => [
      [`m.${name}`, { shape: [m.length], data: m }],
      [`v.${name}`, { shape: [v.length], data: v }],
    ]),
  );
}

async function fill(targets: ReadonlyMap<string, FloatTensor>, { entries, data }: TensorStream): Promise<void> {
  const described = (name: string, shape: readonly number[]): string => `${name} [${shape.join(', ')}]`;
  const wanted = Array.from(targets, ([name, { shape }]) => described(name, shape));
  if (wanted.join() !== entries.map(({ name, shape }) => described(name, shape)).join()) {
    throw new Error('the tensors are not those of this training');
  }
  const names = [...targets.keys()];
  let i = 0;
  for await (const values of data()) targets.get(names[i++]!)!.data.set(values);
}
