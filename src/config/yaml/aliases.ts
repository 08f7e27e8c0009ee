import { isAlias, isMap, isPair, isSeq, type Alias, type Document, type Node, type Scalar } from 'yaml';
import type { Finding } from '../config-problem.ts';
import { MAX_NODES } from './limits.ts';
import { tooLarge } from './text-bounds.ts';

/** What each alias of a document stands for. An alias without an anchor above it is not among them. */
export type Targets = ReadonlyMap<Alias, Node>;

/**
 * Looks up all aliases in one walk, and counts the nodes that a walk through them would meet. A merge key is a pair whose value is
 * an alias, so what it brings in is counted with it.
 * @returns what is wrong where they are more than the budget, or where an alias stands inside of what it stands for
 */
export function resolveAliases(doc: Document.Parsed): { readonly targets: Targets } | Finding {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  /** Anchored node → nodes that it expands to; missing while the walk is inside of it. */
  const sizes = new Map<Node, number>();
  let nNodes = 0;

  function visit(node: unknown): Finding | undefined {
    if (isPair(node)) return visit(node.key) ?? visit(node.value);
    if (isAlias(node)) return follow(node);
    const before = nNodes++;
    const anchor = anchorOf(node);
    // An anchor that comes again counts from there on.
    if (anchor !== undefined) anchors.set(anchor, node as Node);
    if (isMap(node) || isSeq(node)) {
      for (const item of node.items) {
        const wrong = visit(item);
        if (wrong !== undefined) return wrong;
      }
    }
    if (anchor !== undefined) sizes.set(node as Node, nNodes - before);
    return undefined;
  }

  function follow(alias: Alias): Finding | undefined {
    const target = anchors.get(alias.source);
    const [start, end] = alias.range ?? [0, 0];
    const name = `*${alias.source.slice(0, 40)}`;
    nNodes++;
    if (target === undefined) return undefined;
    const size = sizes.get(target);
    if (size === undefined) return tooLarge(start, `${name} inside of what it stands for`, 'an anchor above it', end);
    targets.set(alias, target);
    nNodes += size;
    if (nNodes <= MAX_NODES) return undefined;
    const found = `${name}, with which the aliases stand for ${nNodes} keys and values`;
    return tooLarge(start, found, `at most ${MAX_NODES} in the whole file`, end);
  }

  return visit(doc.contents) ?? { targets };
}

function anchorOf(node: unknown): string | undefined {
  const anchor = (node as Partial<Pick<Scalar, 'anchor'>> | null)?.anchor;
  return anchor === undefined || anchor === '' ? undefined : anchor;
}
