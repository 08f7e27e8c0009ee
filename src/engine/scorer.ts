import type { ParameterSet } from '../model/parameter-set.ts';
import { parameterFeeds } from '../model/parameter-set.ts';
import { scoringGraph, type RankerSpec } from '../model/ranker.ts';
import type { DeviceOptions } from './device.ts';
import { towerFeeds, type Sequence } from './feeds.ts';
import { compile, type Executable } from './session.ts';

/** Runs a ranker forward, without dropout. It sees later updates of the parameters, which it shares. */
export interface Scorer {
  /** Floats a sequence: labels of a cross-encoder's logits, or the hidden size of a bi-encoder's embedding. */
  readonly width: number;
  /** Outputs of the sequences in their order, `[n, width]` row-major; they are padded to the longest among them. */
  score(sequences: readonly Sequence[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Compiles the ranker's forward pass. */
export async function createScorer(
  ranker: RankerSpec,
  parameters: ParameterSet,
  device: DeviceOptions,
): Promise<Scorer> {
  const { graph, outputs } = scoringGraph(ranker);
  const executable: Executable = await compile(graph, outputs, device);
  const [output] = Object.keys(outputs);
  const shared = parameterFeeds(parameters);
  const pooling = ranker.type === 'cross-encoder' ? 'cls' : ranker.pooling;
  return {
    width: ranker.nLabels ?? ranker.architecture.hidden,
    async score(sequences) {
      const { feeds, binding } = towerFeeds(sequences, ranker.architecture, pooling);
      const results = await executable.run({ ...shared, ...feeds }, binding);
      return results[output!]!;
    },
    dispose: () => executable.dispose(),
  };
}
