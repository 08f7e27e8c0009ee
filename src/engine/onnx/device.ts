import type { DeviceName } from '../../config/options/names.ts';

/** onnxruntime's execution provider for each device. */
export const executionProvider = {
  cpu: 'cpu',
  webgpu: 'webgpu',
  cuda: 'cuda',
  dml: 'dml',
  coreml: 'coreml',
} as const satisfies Record<DeviceName, string>;
