import { scoringGraph } from '../../model/graphs.ts';
import { parameterFeeds, type ParameterSet } from '../../model/parameter-set.ts';
import type { Ranker } from '../../model/rankers/ranker.ts';
import type { DeviceOptions, Scorer } from '../engine.ts';
import { towerFeeds } from './feeds.ts';
import { compile } from './session.ts';

/** Compiles the ranker's forward pass. It sees later updates of the parameters, which it shares. */
export async function openScorer(ranker: Ranker, parameters: ParameterSet, device: DeviceOptions): Promise<Scorer> {
  const { graph, output } = scoringGraph(ranker);
  const executable = await compile(graph, output, device);
  const shared = parameterFeeds(parameters);
  return {
    score(sequences) {
      const { feeds, binding } = towerFeeds(sequences, ranker.config, ranker.pooling);
      return executable.run({ ...shared, ...feeds }, binding);
    },
    dispose: () => executable.dispose(),
  };
}
