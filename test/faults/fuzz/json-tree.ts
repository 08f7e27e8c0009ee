/** JSON as a tree that can hold what objects cannot: a key twice, `__proto__`, a number that no double keeps. */
export type Tree = ObjectTree | ListTree | RawTree;

export interface ObjectTree {
  readonly kind: 'object';
  readonly entries: [key: string, value: Tree][];
}

export interface ListTree {
  readonly kind: 'list';
  readonly items: Tree[];
}

/** Anything else, as it is printed. */
export interface RawTree {
  readonly kind: 'raw';
  readonly text: string;
}

/** What is deeper than this is kept as it is printed. */
const MAX_DEPTH = 100;

/** The tree of a value, or of a text of JSON that was parsed. */
export function treeOf(value: unknown, depth = 0): Tree {
  if (depth < MAX_DEPTH && Array.isArray(value)) {
    return { kind: 'list', items: value.map((item) => treeOf(item, depth + 1)) };
  }
  if (depth < MAX_DEPTH && typeof value === 'object' && value !== null) {
    return { kind: 'object', entries: Object.entries(value).map(([key, inner]) => [key, treeOf(inner, depth + 1)]) };
  }
  return raw(JSON.stringify(value));
}

/** A leaf printed as the given text; what JSON does not print becomes null. */
export function raw(text: string | undefined): RawTree {
  return { kind: 'raw', text: text ?? 'null' };
}

/** The tree as a text, on one line. */
export function printTree(tree: Tree): string {
  if (tree.kind === 'raw') return tree.text;
  if (tree.kind === 'list') return `[${tree.items.map(printTree).join(',')}]`;
  return `{${tree.entries.map(([key, value]) => `${JSON.stringify(key)}:${printTree(value)}`).join(',')}}`;
}

/** A place in a tree: what stands there can be read, replaced and taken out. */
export interface Slot {
  readonly get: () => Tree;
  readonly set: (tree: Tree) => void;
  readonly remove: () => void;
  /** Puts another one behind it. */
  readonly addBehind: (tree: Tree, key?: string) => void;
}

/** All places below a tree, which changes with them. */
export function slotsOf(tree: Tree): Slot[] {
  if (tree.kind === 'raw') return [];
  const own: readonly Slot[] =
    tree.kind === 'list' ? tree.items.map((_, i) => itemSlot(tree, i)) : tree.entries.map((_, i) => entrySlot(tree, i));
  return own.flatMap((slot) => [slot, ...slotsOf(slot.get())]);
}

function itemSlot({ items }: ListTree, i: number): Slot {
  return {
    get: () => items[i]!,
    set: (tree) => void (items[i] = tree),
    remove: () => void items.splice(i, 1),
    addBehind: (tree) => void items.splice(i + 1, 0, tree),
  };
}

function entrySlot({ entries }: ObjectTree, i: number): Slot {
  const key = (): string => entries[i]![0];
  return {
    get: () => entries[i]![1],
    set: (tree) => void (entries[i] = [key(), tree]),
    remove: () => void entries.splice(i, 1),
    addBehind: (tree, other) => void entries.splice(i + 1, 0, [other ?? key(), tree]),
  };
}
