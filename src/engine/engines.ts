import type { EngineName } from '../config/options/names.ts';
import type { Engine } from './engine.ts';
import { onnxEngine } from './onnx/onnx-engine.ts';

/** The one table of engines. */
export const ENGINES = { onnx: onnxEngine } as const satisfies Record<EngineName, Engine>;
