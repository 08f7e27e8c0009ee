import type { Value } from '../../graph/graph.ts';
import { add, gather, gemm, layerNorm } from '../../graph/ops.ts';
import type { Dense, EmbeddingTable, EmbeddingTables, Norm, ParameterSpec } from './parameter-spec.ts';
import type { Tower } from './tower.ts';

/** The parameters of a model as graph inputs. */
export type Parameters = (spec: ParameterSpec) => Value;

/** alpha · (x·weightᵀ + bias): `[n, in]` to `[n, out]`. */
export function linear(parameters: Parameters, x: Value, { weight, bias }: Dense, alpha = 1): Value {
  return gemm(x, parameters(weight), { transB: true, bias: parameters(bias), alpha });
}

export function normalise(parameters: Parameters, x: Value, { weight, bias }: Norm, epsilon: number): Value {
  return layerNorm(x, parameters(weight), parameters(bias), epsilon);
}

/** Sum of each token's rows in the tables, `[rows, hidden]`, where the gradient leaves the graph. */
export function embed(parameters: Parameters, [first, ...others]: EmbeddingTables, { lookups }: Tower): Value {
  const rowsOf = ({ spec, by }: EmbeddingTable): Value => gather(parameters(spec), lookups[by]);
  let sum = rowsOf(first);
  for (const table of others) sum = add(sum, rowsOf(table));
  return sum;
}
