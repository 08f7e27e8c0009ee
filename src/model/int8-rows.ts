/**
 * The int8 storage of the bundled model (written by scripts/quantise-model.py): a matrix NAME is I8 [rows, cols] beside
 * `NAME.scale` F32 [rows]; other tensors are F32.
 */

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
