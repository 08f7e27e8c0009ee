import type { Draw } from './draw.ts';
import { mutateBytes, join } from './mutate-bytes.ts';
import type { Material } from './mutate-bytes.ts';
import { mutateJson, mutateJsonLines } from './mutate-json.ts';
import { mutateParquet } from './mutate-parquet.ts';

/** What a part of an input is, so far as it can be changed without losing its form. */
export const PART_KINDS = ['bytes', 'json', 'jsonl', 'safetensors', 'parquet', 'http'] as const;
export type PartKind = (typeof PART_KINDS)[number];

type Structured = (bytes: Uint8Array, draw: Draw, words: readonly string[]) => Uint8Array | undefined;

/** How a part is changed as what it is; undefined from one where the bytes are not of its form any more. */
const STRUCTURED: { readonly [K in PartKind]: Structured | undefined } = {
  bytes: undefined,
  json: (bytes, draw, words) => encoded(mutateJson(decode(bytes), draw, words)),
  jsonl: (bytes, draw, words) => encoded(mutateJsonLines(decode(bytes), draw, words)),
  safetensors: (bytes, draw, words) => {
    if (bytes.length < 8) return undefined;
    const end = 8 + Number(Buffer.from(bytes).readBigUInt64LE(0));
    const header = encoded(mutateJson(decode(bytes.subarray(8, end)), draw, words));
    return header && join(lengthOf(header), header, bytes.subarray(end));
  },
  parquet: (bytes, draw) => mutateParquet(bytes, draw),
  http: (bytes, draw, words) => {
    const text = Buffer.from(bytes).toString('latin1');
    const end = text.indexOf('\r\n\r\n') + 4;
    const body = encoded(mutateJson(decode(bytes.subarray(end)), draw, words));
    return end < 4 || body === undefined ? undefined : join(bytes.subarray(0, end), body);
  },
};

/** A part after a change: of its structure in most cases, of its bytes in the others. */
export function mutatePart(kind: PartKind, bytes: Uint8Array, draw: Draw, material: Material): Uint8Array {
  const structured = draw.happens(0.6) ? STRUCTURED[kind]?.(bytes, draw, material.words) : undefined;
  return (structured ?? mutateBytes(bytes, draw, material)).subarray(0, material.limit);
}

/** The header of a safetensors file before its own: 8 bytes, little-endian. */
export function lengthOf(header: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return length;
}

/** Stands between the parts of an input, which are files or answers that are read together. */
const BOUNDARY = Buffer.from('\n=== next part ===\n');

/** The parts of an input as one: mutations and fixtures need not know of them. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  return join(...parts.flatMap((part, i) => (i === 0 ? [part] : [BOUNDARY, part])));
}

/** The parts of an input, `n` of them; what is not there is empty. */
export function splitParts(bytes: Uint8Array, n: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  while (parts.length < n - 1) {
    const at = rest.indexOf(BOUNDARY);
    if (at < 0) break;
    parts.push(rest.subarray(0, at));
    rest = rest.subarray(at + BOUNDARY.length);
  }
  parts.push(rest);
  while (parts.length < n) parts.push(new Uint8Array());
  return parts;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function encoded(text: string | undefined): Uint8Array | undefined {
  // Lone surrogates are printed as escapes by JSON.stringify, so nothing is lost here.
  return text === undefined ? undefined : new TextEncoder().encode(text);
}
