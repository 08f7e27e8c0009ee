import type { Value } from '../../graph/graph.ts';
import type { Architecture } from '../architecture.ts';
import type { ConfigNumbers } from '../config-numbers.ts';
import type { Dropout } from '../parts/dropout.ts';
import type { Parameters } from '../parts/layers.ts';
import type { Encoder } from '../parts/encoder.ts';
import type { ParameterSpec } from '../parts/parameter-spec.ts';

/** The classification head of a family: what stands between the first token and the logits. */
export interface Head {
  /** In checkpoint order. */
  readonly specs: readonly ParameterSpec[];
  /** Logits `[batch, labels]` from the first tokens `[batch, hidden]`. */
  readonly classify: (parameters: Parameters, first: Value, dropout: Dropout) => Value;
}

/** A family of encoders that share code: one file each, listed in families.ts. */
export interface Family {
  /** The `model_type`s of config.json that it stands for. */
  readonly modelTypes: readonly string[];
  /** Classes of transformers that a saved model names. */
  readonly classes: { readonly encoder: string; readonly head: string };
  /** Prefix of the encoder's parameters in a checkpoint that has a head; a bare encoder has none. */
  readonly prefix: string;
  /** Key of config.json that names the activation; only the exact GELU is known. */
  readonly activationKey: string;
  readonly readConfig: (numbers: ConfigNumbers) => Architecture;
  /** `prefix` stands before every parameter's name. */
  readonly encoder: (architecture: Architecture, prefix: string) => Encoder;
  readonly head: (architecture: Architecture, nLabels: number) => Head;
  /** What a checkpoint of a bare encoder also has and no bi-encoder uses. */
  readonly unused: (architecture: Architecture) => readonly ParameterSpec[];
}
