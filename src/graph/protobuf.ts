/**
 * Writer of the protocol-buffer wire format (https://protobuf.dev/programming-guides/encoding): as much of it as ONNX needs. Large byte fields
 * are kept by reference: `parts` copies none of them, `concat` each once.
 */
export class ProtoWriter {
  readonly #chunks: Uint8Array[] = [];
  #small: number[] = [];
  #size = 0;

  /** Varint field; negative numbers take ten bytes, as int64 does. */
  int(field: number, value: number | bigint): this {
    this.#varint((field << 3) | 0);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#varint((field << 3) | 5);
    for (const byte of new Uint8Array(Float32Array.of(value).buffer)) this.#small.push(byte);
    return this;
  }

  double(field: number, value: number): this {
    this.#varint((field << 3) | 1);
    for (const byte of new Uint8Array(Float64Array.of(value).buffer)) this.#small.push(byte);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint((field << 3) | 2);
    this.#varint(value.length);
    this.#push(value);
    return this;
  }

  message(field: number, message: ProtoWriter): this {
    this.#varint((field << 3) | 2);
    message.#flush();
    this.#varint(message.#size);
    this.#flush();
    for (const chunk of message.#chunks) this.#push(chunk);
    return this;
  }

  /** Everything written so far, piece by piece. */
  parts(): readonly Uint8Array[] {
    this.#flush();
    return this.#chunks;
  }

  /** Everything written so far as one array. */
  concat(): Uint8Array {
    const parts = this.parts();
    const all = new Uint8Array(this.#size);
    let offset = 0;
    for (const chunk of parts) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    return all;
  }

  #varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.#small.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.#small.push(Number(rest));
  }

  #push(chunk: Uint8Array): void {
    this.#flush();
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  #flush(): void {
    if (this.#small.length === 0) return;
    const chunk = Uint8Array.from(this.#small);
    this.#small = [];
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }
}
