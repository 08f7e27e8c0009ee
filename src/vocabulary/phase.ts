/** What a run is doing, in the order in which it happens. */
export const PHASES = ['download', 'data', 'train', 'test', 'pretrained', 'export'] as const;
export type Phase = (typeof PHASES)[number];

/** What it is doing, in words that go on after "is". */
export const PHASE_WORDS = {
  download: 'downloading',
  data: 'reading data',
  train: 'training',
  test: 'scoring the test set',
  pretrained: 'scoring with the pretrained model',
  export: 'saving the model',
} as const satisfies Readonly<Record<Phase, string>>;
