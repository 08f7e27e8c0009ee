import type { Draw } from './draw.ts';
import { join } from './mutate-bytes.ts';
import { printThrift, readThrift } from './thrift.ts';
import type { Field, Thrift } from './thrift.ts';

const INTEGERS = [
  0n,
  1n,
  -1n,
  2n,
  255n,
  65_536n,
  10n ** 9n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const MAGIC = new TextEncoder().encode('PAR1');
/** Of a parquet file's metadata: row groups → columns → what is known of one → where its pages start. */
const FIRST_PAGE = [4, 1, 3, 9];

/** A parquet file with one to three changes in the struct of its metadata or of one page's header; undefined for other bytes. */
export function mutateParquet(bytes: Uint8Array, draw: Draw): Uint8Array | undefined {
  const footer = readFooter(bytes);
  if (footer === undefined) return undefined;
  const { tree, start } = footer;
  const pages = integersAt(tree, FIRST_PAGE).filter((at) => at > 0 && at < start);
  if (draw.happens(0.4) && pages.length > 0) return withPage(bytes, draw.oneOf(pages), draw);
  return withFooter(bytes.subarray(0, start), mutated(tree, draw));
}

/** A file of the given data whose metadata is the given struct. */
export function withFooter(data: Uint8Array, tree: Thrift): Uint8Array {
  const footer = printThrift(tree);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return join(data, footer, length, MAGIC);
}

function withPage(bytes: Uint8Array, at: number, draw: Draw): Uint8Array {
  try {
    const { tree, end } = readThrift(bytes, at);
    return join(bytes.subarray(0, at), printThrift(mutated(tree, draw)), bytes.subarray(end));
  } catch {
    // An earlier change has moved it.
    return bytes;
  }
}

function readFooter(bytes: Uint8Array): { readonly tree: Thrift; readonly start: number } | undefined {
  if (bytes.length < 12) return undefined;
  const start = bytes.length - 8 - Buffer.from(bytes).readUInt32LE(bytes.length - 8);
  try {
    return { tree: readThrift(bytes.subarray(0, -8), start).tree, start };
  } catch {
    return undefined;
  }
}

function mutated(tree: Thrift, draw: Draw): Thrift {
  for (let n = draw.oneOf([1, 1, 2, 3]); n > 0; n--) {
    const fields = fieldsOf(tree);
    if (fields.length === 0) break;
    const { field, remove, addBehind } = draw.oneOf(fields);
    const { value } = field;
    if (draw.happens(0.12)) remove();
    else if (draw.happens(0.08)) addBehind();
    else if (draw.happens(0.08)) field.id = draw.nextBelow(16);
    else if (draw.happens(0.05)) field.type = 1 + draw.nextBelow(12);
    else if (value.kind === 'integer')
      value.value = draw.happens(0.3) ? value.value + draw.oneOf([1n, -1n]) : draw.oneOf(INTEGERS);
    else if (value.kind === 'bool') value.value = !value.value;
    else if (value.kind === 'bytes') value.value = oddBytes(value.value, draw);
    else if (value.kind === 'list') changeItems(value.items, draw);
  }
  return tree;
}

function oddBytes(bytes: Uint8Array, draw: Draw): Uint8Array {
  const texts = ['', '__proto__', 'constructor', 'query', 'product_title', 'x'.repeat(300), '\u0000'];
  return draw.happens(0.6)
    ? new TextEncoder().encode(draw.oneOf(texts))
    : bytes.subarray(0, draw.nextBelow(bytes.length + 1));
}

function changeItems(items: Thrift[], draw: Draw): void {
  if (items.length === 0) return;
  const at = draw.nextBelow(items.length);
  if (draw.happens(0.3)) items.splice(at, 1);
  else if (draw.happens(0.5))
    items.push(...Array.from({ length: draw.oneOf([1, 3, 100]) }, () => structuredClone(items[at]!)));
  else items.reverse();
}

interface Place {
  readonly field: Field;
  readonly remove: () => void;
  readonly addBehind: () => void;
}

function fieldsOf(tree: Thrift): Place[] {
  if (tree.kind === 'list') return tree.items.flatMap(fieldsOf);
  if (tree.kind !== 'struct') return [];
  return tree.fields.flatMap((field, i) => [
    {
      field,
      remove: () => void tree.fields.splice(i, 1),
      addBehind: () => void tree.fields.splice(i, 0, structuredClone(field)),
    },
    ...fieldsOf(field.value),
  ]);
}

function integersAt(tree: Thrift, [id, ...rest]: readonly number[]): number[] {
  if (tree.kind === 'list')
    return tree.items.flatMap((item) => integersAt(item, id === undefined ? [] : [id, ...rest]));
  if (tree.kind === 'integer') return [Number(tree.value)];
  if (tree.kind !== 'struct') return [];
  return tree.fields.filter((field) => field.id === id).flatMap((field) => integersAt(field.value, rest));
}
