import type { Pooling } from '../../config/options/names.ts';
import type { Binding } from '../../graph/shape.ts';
import type { Architecture } from '../../model/architecture.ts';
import type { EmbeddingTable, LookupName } from '../../model/parts/parameter-spec.ts';
import { PADDING_BIAS } from '../../model/parts/tower.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import type { Sequence } from '../engine.ts';
import type { Feed } from './session.ts';

/** Feeds of one tower, the sizes of its symbols, and the ids as plain integers for the gradient of the embeddings. */
export interface TowerFeeds {
  readonly feeds: Readonly<Record<string, Feed>>;
  readonly binding: Binding;
  readonly lookups: Lookups;
}

/** Rows of the embedding tables that each row of a padded batch reads, `[rows]` each. */
export interface Lookups extends Readonly<Record<LookupName, Int32Array>> {
  /** 1 for a token, 0 for padding. */
  readonly isToken: Uint8Array;
}

/** Pads the sequences to the longest and lays them out as the inputs of the tower with this prefix. */
export function towerFeeds(
  sequences: readonly Sequence[],
  architecture: Architecture,
  pooling: Pooling,
  prefix = '',
): TowerFeeds {
  const batch = sequences.length;
  const tokens = maxOf(
    sequences.map(({ ids }) => ids.length),
    1,
  );
  const rows = batch * tokens;
  const lookups: Lookups = {
    ids: new Int32Array(rows),
    positions: new Int32Array(rows),
    typeIds: new Int32Array(rows),
    isToken: new Uint8Array(rows),
  };
  const maskBias = new Float32Array(rows).fill(PADDING_BIAS);
  const poolWeights = new Float32Array(rows);
  const last = architecture.maxPositions - 1;
  sequences.forEach(({ ids, typeIds }, i) => {
    const start = i * tokens;
    for (let j = 0; j < tokens; j++) lookups.positions[start + j] = Math.min(architecture.firstPosition + j, last);
    for (let j = 0; j < ids.length; j++) {
      lookups.ids[start + j] = ids[j]!;
      lookups.typeIds[start + j] = architecture.nTokenTypes > 1 ? typeIds[j]! : 0;
      lookups.isToken[start + j] = 1;
      maskBias[start + j] = 0;
      if (pooling === 'mean') poolWeights[start + j] = 1 / ids.length;
    }
    if (pooling === 'cls') poolWeights[start] = 1;
  });
  const feeds: Record<string, Feed> = {
    [`${prefix}ids`]: toInt64(lookups.ids),
    [`${prefix}positions`]: toInt64(lookups.positions),
    [`${prefix}typeIds`]: toInt64(lookups.typeIds),
    [`${prefix}maskBias`]: maskBias,
    [`${prefix}poolWeights`]: poolWeights,
  };
  return { feeds, binding: { batch, [`${prefix}tokens`]: tokens, [`${prefix}rows`]: rows }, lookups };
}

/** Non-negative integers as int64, written as two 32-bit halves (little-endian on every platform of onnxruntime-node). */
function toInt64(values: Int32Array): BigInt64Array {
  const wide = new BigInt64Array(values.length);
  const halves = new Int32Array(wide.buffer);
  for (let i = 0; i < values.length; i++) halves[2 * i] = values[i]!;
  return wide;
}

/**
 * Adds the gradient of looked-up rows `[rows, hidden]` to that of their table `[n, hidden]`, in row order: the same sum in every run.
 * Padding rows are left out, as their gradient is exactly zero.
 */
export function addRows(
  gradient: Float32Array,
  { isToken, ...lookups }: Lookups,
  by: EmbeddingTable['by'],
  hidden: number,
  table: Float32Array,
): void {
  const rows = lookups[by];
  for (let i = 0; i < rows.length; i++) {
    if (isToken[i] === 0) continue;
    const [from, to] = [i * hidden, rows[i]! * hidden];
    for (let j = 0; j < hidden; j++) table[to + j] = table[to + j]! + gradient[from + j]!;
  }
}
