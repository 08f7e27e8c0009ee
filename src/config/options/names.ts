/** Names that experiments use; the folders that implement them prove completeness with `satisfies Record<Name, …>`. */

export const MODEL_TYPES = ['cross-encoder', 'bi-encoder'] as const;
export type ModelType = (typeof MODEL_TYPES)[number];

export const LOSSES = ['MSE', 'BCE', 'cosine-MSE', 'multiple-negatives'] as const;
export type LossName = (typeof LOSSES)[number];

/** Which losses fit which model type. */
export const LOSSES_OF = {
  'cross-encoder': ['MSE', 'BCE'],
  'bi-encoder': ['cosine-MSE', 'multiple-negatives'],
} as const satisfies Record<ModelType, readonly LossName[]>;

export const OPTIMIZERS = ['AdamW'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

export const SCHEDULERS = ['linear', 'constant'] as const;
export type SchedulerName = (typeof SCHEDULERS)[number];

export const DEVICES = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type DeviceName = (typeof DEVICES)[number];

export const ENGINES = ['onnx', 'sentence-transformers'] as const;
export type EngineName = (typeof ENGINES)[number];

export const POOLINGS = ['mean', 'cls'] as const;
export type Pooling = (typeof POOLINGS)[number];

/** Parts of a model that can be frozen or trained. Embeddings train unless listed as a block of their own. */
export const BLOCKS = ['embeddings', 'encoder', 'pooler', 'classifier'] as const;
export type BlockName = (typeof BLOCKS)[number];
