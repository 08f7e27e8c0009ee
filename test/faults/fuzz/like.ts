import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { raw, treeOf } from './json-tree.ts';
import type { Tree } from './json-tree.ts';
import { ODD_KEYS, ODD_NUMBERS, ODD_TEXTS } from './words.ts';

/** Any text: odd ones as often as random ones. */
export const anyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_TEXTS),
  fc.constantFrom(...ODD_KEYS),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

const anyNumber: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_NUMBERS),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

/** Any JSON. */
const anyJson: Arbitrary<Tree> = fc.json({ maxDepth: 3 }).map((text) => raw(text));

/**
 * Trees of the same shape as an example: the same keys with values of the same types, most of them extreme; here and there a key is
 * missing, another is there as well, a list is longer or shorter, or a value is of another type.
 */
export function like(example: Tree): Arbitrary<Tree> {
  const same = sameShape(example);
  return fc.oneof({ weight: 40, arbitrary: same }, { weight: 1, arbitrary: anyJson });
}

/** As `like`, of a value that was parsed. */
export function likeValue(example: unknown): Arbitrary<Tree> {
  return like(treeOf(example));
}

function sameShape(example: Tree): Arbitrary<Tree> {
  if (example.kind === 'raw') return leafLike(example.text);
  if (example.kind === 'list') {
    const item = example.items.length === 0 ? anyJson : fc.oneof(...example.items.slice(0, 4).map(like));
    const own = fc.tuple(...example.items.map(like)).map((items): Tree => ({ kind: 'list', items }));
    const other = fc.array(item, { maxLength: 5 }).map((items): Tree => ({ kind: 'list', items }));
    return fc.oneof({ weight: example.items.length > 30 ? 0 : 3, arbitrary: own }, { weight: 1, arbitrary: other });
  }
  const entries = example.entries.map(([key, value]) =>
    fc
      .tuple(fc.integer({ min: 0, max: 39 }), like(value))
      .map(([n, tree]) => (n === 0 ? [] : ([[key, tree]] as [string, Tree][]))),
  );
  const more = fc.oneof(
    { weight: 9, arbitrary: fc.constant<[string, Tree][]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.tuple(
          fc.constantFrom(...ODD_KEYS),
          fc.oneof(anyJson, ...example.entries.slice(0, 3).map(([, value]) => like(value))),
        ),
        { maxLength: 2 },
      ),
    },
  );
  return fc
    .tuple(fc.tuple(...entries), more)
    .map(([own, odd]): Tree => ({ kind: 'object', entries: [...own.flat(), ...odd] }));
}

function leafLike(text: string): Arbitrary<Tree> {
  const asIs = fc.constant(raw(text));
  if (text.startsWith('"'))
    return fc.oneof(
      { weight: 3, arbitrary: asIs },
      { weight: 2, arbitrary: anyText.map((value) => raw(JSON.stringify(value))) },
    );
  if (/^-?\d/.test(text)) return fc.oneof({ weight: 2, arbitrary: asIs }, { weight: 2, arbitrary: anyNumber.map(raw) });
  return fc.oneof(
    { weight: 3, arbitrary: asIs },
    { weight: 1, arbitrary: fc.constantFrom('true', 'false', 'null').map(raw) },
  );
}
