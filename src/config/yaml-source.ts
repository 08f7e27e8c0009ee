import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { Finding } from './config-problem.ts';
import { syntaxFindings } from './syntax-findings.ts';

/**
 * A text read twice: by js-yaml, whose values count, and by `yaml`, which recovers from errors and keeps ranges. Offsets are
 * those of the given text, a byte order mark included.
 */
export interface YamlSource {
  readonly text: string;
  readonly doc: Document.Parsed | undefined;
  /** The root's value; where js-yaml refuses the text, what could be recovered. */
  readonly value: unknown;
  /** What is wrong with the syntax. */
  readonly findings: readonly Finding[];
  /** Nodes that end behind this offset may be torn by a syntax error before them. */
  readonly soundUntil: number;
}

/** Collections in collections that are read; experiments need four. */
const MAX_DEPTH = 50;

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Reads a text; never throws for what a person may have typed. */
export function readYaml(text: string): YamlSource {
  const loaded = loadValue(text);
  if (loaded.error?.reason.startsWith('nesting exceeded') === true) {
    // The position is js-yaml's alone: a parser that recovers would build a tree for every bracket.
    const start = loaded.error.mark?.position ?? 0;
    const finding: Finding = {
      severity: 'error',
      code: 'yaml-syntax',
      path: '',
      found: `more than ${MAX_DEPTH} lists or mappings inside each other`,
      expected: 'an experiment',
      start,
      end: Math.min(text.length, start + 1),
    };
    return { text, doc: undefined, value: undefined, findings: [finding], soundUntil: 0 };
  }
  const doc = parseDocument(text, { merge: true, prettyErrors: false, logLevel: 'error' });
  const { findings, soundUntil } = syntaxFindings(text, doc, loaded.error);
  return {
    text,
    doc,
    value: loaded.error === undefined ? loaded.value : plainOf(doc, doc.contents, 0),
    findings,
    soundUntil,
  };
}

function loadValue(text: string): { value?: unknown; error?: YAMLException } {
  try {
    return { value: load(text, { schema: SCHEMA, maxDepth: MAX_DEPTH }) };
  } catch (error) {
    if (error instanceof YAMLException) return { error };
    throw error;
  }
}

/** What a recovered node holds, as plain values. */
function plainOf(doc: Document.Parsed, node: unknown, depth: number): unknown {
  const target = resolved(doc, node);
  // Aliases may lead back to where they stand; nothing in an experiment is this deep.
  if (depth > 8) return null;
  if (isSeq(target)) return target.items.map((item) => plainOf(doc, item, depth + 1));
  if (!isMap(target)) return isScalar(target) ? target.value : null;
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { key, value: below } of pairsOf(doc, target)) {
    if (!(key in value)) value[key] = plainOf(doc, below.value, depth + 1);
  }
  return value;
}

/** The node itself, or the one that an alias stands for; null where there is none. */
export function resolved(doc: Document.Parsed, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(doc) ?? null;
  return isScalar(node) || isMap(node) || isSeq(node) ? node : null;
}

/** A key of a mapping, and whether it came in by a merge key (`<<`). */
export interface KeyedPair {
  readonly key: string;
  readonly value: Pair;
  readonly isMerged: boolean;
}

/** The pairs of a mapping, its own first, then those merged into it. */
export function pairsOf(doc: Document.Parsed, map: YAMLMap, depth = 0): KeyedPair[] {
  const own: KeyedPair[] = [];
  const merged: KeyedPair[] = [];
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    if (!isMergeKey(pair)) {
      if (isScalar(pair.key)) own.push({ key: String(pair.key.value), value: pair, isMerged: depth > 0 });
      continue;
    }
    const source = resolved(doc, pair.value);
    const sources = isSeq(source) ? source.items.map((item) => resolved(doc, item)) : [source];
    for (const from of sources) if (isMap(from) && depth < 4) merged.push(...pairsOf(doc, from, depth + 1));
  }
  return [...own, ...merged];
}

/** The mapping's pair of a key, its own before a merged one. */
export function pairAt(doc: Document.Parsed | undefined, node: unknown, key: string): KeyedPair | undefined {
  if (doc === undefined) return undefined;
  const map = resolved(doc, node);
  return isMap(map) ? pairsOf(doc, map).find((pair) => pair.key === key) : undefined;
}

function isMergeKey(pair: Pair): boolean {
  // `yaml` marks the merge key by a symbol.
  return isScalar(pair.key) && (typeof pair.key.value === 'symbol' || pair.key.value === '<<');
}

/** Start and end of a node's own text; an absent value has the empty range behind its key. */
export function rangeOf(node: unknown): readonly [start: number, end: number] | undefined {
  const isNode = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  const range = isNode ? node.range : undefined;
  return range == null ? undefined : [range[0], range[1]];
}
