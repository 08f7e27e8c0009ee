import { isObject } from '../../../../src/vocabulary/check.ts';

/** Messages of a channel as JSON: bytes and columns, which JSON has not, are objects with one key. */
export function messagesOf(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [text];
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  try {
    return list.slice(0, 200).map(revived);
  } catch {
    // So deep that no channel carries it either.
    return [text];
  }
}

/** A message as JSON that `messagesOf` reads. */
export function printMessages(messages: readonly unknown[]): string {
  return JSON.stringify(messages, (_key, value: unknown) => {
    if (value instanceof Float64Array) return { $columns: [...value].map((n) => (Number.isFinite(n) ? n : null)) };
    return value instanceof Uint8Array ? { $bytes: [...value] } : value;
  });
}

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (!isObject(value)) return value;
  const { $columns: columns, $bytes: bytes } = value;
  if (Array.isArray(columns)) return Float64Array.from(columns, Number);
  if (Array.isArray(bytes)) return Uint8Array.from(bytes, Number);
  const copy = Object.entries(value).map(([key, inner]) => [key, revived(inner)] as const);
  // As structured clones are: a key `__proto__` is a key like others.
  return Object.fromEntries(copy);
}
