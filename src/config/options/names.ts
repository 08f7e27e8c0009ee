/** Names that experiments use; the folders that implement them prove completeness with `satisfies Record<Name, …>`. */

export const OPTIMIZER_NAMES = ['AdamW'] as const;
export type OptimizerName = (typeof OPTIMIZER_NAMES)[number];

export const SCHEDULERS = ['linear', 'constant'] as const;
export type SchedulerName = (typeof SCHEDULERS)[number];

export const DEVICES = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type DeviceName = (typeof DEVICES)[number];

export const ENGINE_NAMES = ['onnx'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const POOLINGS = ['mean', 'cls'] as const;
export type Pooling = (typeof POOLINGS)[number];

/** Parts of a model that can be frozen or trained. Embeddings train unless listed as a block of their own. */
export const BLOCKS = ['embeddings', 'encoder', 'pooler', 'classifier'] as const;
export type BlockName = (typeof BLOCKS)[number];
