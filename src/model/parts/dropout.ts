import type { Graph, Value } from '../../graph/graph.ts';
import { mul } from '../../graph/ops.ts';
import type { Shape } from '../../graph/shape.ts';
import type { Tower } from './tower.ts';

/** Where dropout acts: a graph input of the shape that it multiplies, 0 or 1/(1 − p) at each element. */
export interface DropoutSite {
  /** Name of the input: `dropout:<tower><site>`. */
  readonly name: string;
  /** Axis 0 is the tower's rows or sequences. */
  readonly shape: Shape;
  readonly probability: number;
  /** Place of its tower among those of the graph. */
  readonly tower: number;
}

/** Applies dropout at a site of probability p to x, or returns x. */
export type Dropout = (x: Value, site: string, p: number) => Value;

export const noDropout: Dropout = (x) => x;

/** A dropout that declares its masks as inputs of the graph and records their sites. */
export function maskedDropout(graph: Graph, { prefix }: Tower, tower: number, sites: DropoutSite[]): Dropout {
  return (x, site, probability) => {
    if (probability === 0) return x;
    const name = `dropout:${prefix}${site}`;
    sites.push({ name, shape: x.shape, probability, tower });
    return mul(x, graph.input(name, x.shape));
  };
}
