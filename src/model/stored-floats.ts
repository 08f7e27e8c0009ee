/** Values of stored tensors as float32, whatever type they were stored as. */

/** Type in the file → the floats that its bytes stand for, as a new array or a view of them. */
const FLOATS_OF: ReadonlyMap<string, (bytes: ArrayBuffer) => Float32Array> = new Map([
  ['F32', (bytes: ArrayBuffer) => new Float32Array(bytes)],
  ['F64', (bytes: ArrayBuffer) => Float32Array.from(new Float64Array(bytes))],
  [
    'BF16',
    (bytes: ArrayBuffer) => new Float32Array(Uint32Array.from(new Uint16Array(bytes), (bits) => bits << 16).buffer),
  ],
  ['F16', (bytes: ArrayBuffer) => Float32Array.from(new Uint16Array(bytes), halfToFloat)],
]);

/** Whether `toFloat32` takes the type. */
export function holdsFloats(dtype: string): boolean {
  return FLOATS_OF.has(dtype);
}

/** Little-endian bytes of F32, F64, F16 or BF16 as float32; the bytes become the result's own where they can. */
export function toFloat32(dtype: string, bytes: ArrayBuffer): Float32Array {
  const convert = FLOATS_OF.get(dtype);
  if (convert === undefined) throw new Error(`a tensor of type ${dtype} holds no floats`);
  return convert(bytes);
}

/** Value of an IEEE 754 binary16 bit pattern. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
