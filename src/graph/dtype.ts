/** Element types of values: their number in the ONNX format. */
export const DTYPES = { float32: { onnx: 1 }, int64: { onnx: 7 } } as const;

export type DType = keyof typeof DTYPES;

/** Elements of a type on the host, row-major. */
export type ArrayOf<D extends DType> = { readonly float32: Float32Array; readonly int64: BigInt64Array }[D];
