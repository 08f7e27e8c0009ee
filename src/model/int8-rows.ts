import { ProblemError } from '../protocol/problem.ts';
import { toFloat32 } from './safetensors.ts';
import type { FloatTensor, SafetensorsFile } from './safetensors.ts';

/**
 * The matrix that int8 values and a scale per row stand for: `int8[r, c] · scales[r]`, as float32 [rows, cols], row-major.
 */
export function dequantiseRows(int8: Int8Array, scales: Float32Array, rows: number, cols: number): Float32Array {
  if (int8.length !== rows * cols || scales.length !== rows) {
    throw new Error(`${int8.length} values and ${scales.length} scales are no matrix of ${rows} × ${cols}`);
  }
  const matrix = new Float32Array(rows * cols);
  for (let row = 0, i = 0; row < rows; row++) {
    const scale = scales[row]!;
    for (const end = i + cols; i < end; i++) matrix[i] = int8[i]! * scale;
  }
  return matrix;
}

/**
 * All tensors of a file as float32, by name. A matrix NAME stored as I8 [rows, cols] is multiplied by `NAME.scale`
 * (F32 [rows]), which is then no tensor of its own; a file without int8 is read as it is. Integer buffers are left out.
 */
export function floatTensors(file: SafetensorsFile, path: string): Map<string, FloatTensor> {
  const floats = new Map<string, FloatTensor>();
  for (const [name, tensor] of file.tensors) {
    if (tensor.dtype === 'I8') {
      const [rows = 0, cols = 0] = tensor.shape;
      const scale = file.tensors.get(`${name}.scale`);
      if (scale?.dtype !== 'F32' || scale.shape[0] !== rows || tensor.shape.length !== 2) {
        throw new ProblemError({
          code: 'bad-safetensors',
          message: `${name} is int8, so ${name}.scale should hold a float32 for each of its ${rows} rows`,
          where: path,
          next: 'Copy or download the file again.',
        });
      }
      const { data } = tensor;
      const int8 = new Int8Array(data.buffer, data.byteOffset, data.byteLength);
      floats.set(name, { shape: tensor.shape, data: dequantiseRows(int8, toFloat32(scale), rows, cols) });
    } else if (tensor.dtype.includes('F') && file.tensors.get(name.replace(/\.scale$/, ''))?.dtype !== 'I8') {
      floats.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
    }
  }
  return floats;
}
