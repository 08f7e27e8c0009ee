import type { Draw } from './draw.ts';
import { printTree, raw, slotsOf, treeOf } from './json-tree.ts';
import type { Slot, Tree } from './json-tree.ts';
import { ODD_KEYS, ODD_NUMBERS, ODD_TEXTS } from './words.ts';

type Operator = (slot: Slot, draw: Draw, root: Tree, words: readonly string[]) => void;

/** Every way of changing a place of a tree. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  number: (slot, draw) => slot.set(raw(draw.oneOf(ODD_NUMBERS))),
  text: (slot, draw, _root, words) => slot.set(raw(JSON.stringify(oddText(draw, words)))),
  scalar: (slot, draw) => slot.set(raw(draw.oneOf(['null', 'true', 'false', '""', '[]', '{}', '0', '"0"']))),
  object: (slot, draw) => slot.set({ kind: 'object', entries: [[draw.oneOf(ODD_KEYS), raw(draw.oneOf(ODD_NUMBERS))]] }),
  /** Text of what is there: `3` becomes `"3"`. */
  quoted: (slot) => slot.set(raw(JSON.stringify(printTree(slot.get()).slice(0, 1000)))),
  other: (slot, draw, root) => slot.set(copyOf(draw.oneOf(slotsOf(root)).get())),
  remove: (slot) => slot.remove(),
  again: (slot) => slot.addBehind(copyOf(slot.get())),
  oddKey: (slot, draw, _root, words) => slot.addBehind(copyOf(slot.get()), oddKey(draw, words)),
  renamed: (slot, draw, _root, words) => {
    slot.addBehind(slot.get(), oddKey(draw, words));
    slot.remove();
  },
  inList: (slot) => slot.set({ kind: 'list', items: [slot.get()] }),
  inObject: (slot, draw) => slot.set({ kind: 'object', entries: [[draw.oneOf(ODD_KEYS), slot.get()]] }),
  many: (slot, draw) => {
    const tree = slot.get();
    const n = Math.min(draw.oneOf([10, 100, 2000]), Math.floor(60_000 / (printTree(tree).length + 1)));
    slot.set({ kind: 'list', items: Array.from({ length: n }, () => tree) });
  },
  manyKeys: (slot, draw) => {
    const n = draw.oneOf([10, 100, 2000]);
    slot.set({ kind: 'object', entries: Array.from({ length: n }, (_, i) => [`k${i}`, raw(String(i))]) });
  },
  deep: (slot, draw) => {
    const n = draw.oneOf([10, 100, 3000, 12_000]);
    slot.set(raw(draw.happens(0.5) ? `${'['.repeat(n)}${']'.repeat(n)}` : `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`));
  },
  long: (slot, draw) => slot.set(raw(JSON.stringify('x'.repeat(draw.oneOf([100, 5000, 50_000]))))),
};

/** A JSON text after one to three changes of its tree; undefined for what is no JSON of lists and objects. */
export function mutateJson(text: string, draw: Draw, words: readonly string[]): string | undefined {
  const tree = parsedTree(text);
  if (tree === undefined) return undefined;
  for (let n = draw.oneOf([1, 1, 2, 3]); n > 0; n--) {
    const slots = slotsOf(tree);
    if (slots.length === 0) break;
    OPERATORS[draw.oneOf(Object.keys(OPERATORS))]!(draw.oneOf(slots), draw, tree, words);
  }
  return printTree(tree);
}

/** JSON lines of which one has been changed, or moved, or doubled. */
export function mutateJsonLines(text: string, draw: Draw, words: readonly string[]): string | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const at = draw.nextBelow(lines.length);
  const line = draw.happens(0.1) ? draw.oneOf(lines) : mutateJson(lines[at]!, draw, words);
  if (line === undefined) return undefined;
  const [start, nOld] = draw.happens(0.2) ? [draw.nextBelow(lines.length + 1), 0] : [at, 1];
  return `${lines.toSpliced(start, nOld, line).join('\n')}\n`;
}

/** The tree of a JSON text; undefined where there is nothing to change in. */
export function parsedTree(text: string): Tree | undefined {
  try {
    const tree = treeOf(JSON.parse(text));
    return tree.kind === 'raw' ? undefined : tree;
  } catch {
    return undefined;
  }
}

function oddText(draw: Draw, words: readonly string[]): string {
  return draw.oneOf(
    words.length > 0 && draw.happens(0.4) ? words : draw.oneOf<readonly string[]>([ODD_TEXTS, ODD_KEYS]),
  );
}

function oddKey(draw: Draw, words: readonly string[]): string {
  return draw.oneOf(words.length > 0 && draw.happens(0.3) ? words : ODD_KEYS);
}

function copyOf(tree: Tree): Tree {
  if (tree.kind === 'raw') return tree;
  if (tree.kind === 'list') return { kind: 'list', items: tree.items.map(copyOf) };
  return { kind: 'object', entries: tree.entries.map(([key, value]) => [key, copyOf(value)]) };
}
