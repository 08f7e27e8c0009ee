import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { resolveAliases, type Targets } from './aliases.ts';
import type { Finding } from '../config-problem.ts';
import { MAX_DEPTH } from './limits.ts';
import { syntaxFindings } from './syntax-findings.ts';
import { boundFinding, tooDeep } from './text-bounds.ts';

/**
 * A text read twice: by js-yaml, whose values count, and by `yaml`, which recovers from errors and keeps ranges. Offsets are
 * those of the given text, a byte order mark included. A walk over `doc` with `resolved`, or over `value`, ends after
 * `MAX_NODES` nodes, also where it visits what aliases stand for each time.
 */
export interface YamlSource {
  readonly text: string;
  /** Undefined where the text goes beyond a bound. */
  readonly doc: Document.Parsed | undefined;
  readonly targets: Targets;
  /** The root's value; where js-yaml refuses the text, what could be recovered. */
  readonly value: unknown;
  /** What is wrong with the syntax. */
  readonly findings: readonly Finding[];
  /** Nodes that end behind this offset may be torn by a syntax error before them. */
  readonly soundUntil: number;
}

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Reads a text; never throws for what a person may have typed. */
export function readYaml(text: string): YamlSource {
  const bound = boundFinding(text);
  if (bound !== undefined) return refused(text, bound);
  const doc = parseDocument(text, { merge: true, prettyErrors: false, logLevel: 'error' });
  const aliases = resolveAliases(doc);
  if (!('targets' in aliases)) return refused(text, aliases);
  const loaded = loadValue(text);
  if (loaded.error?.reason.startsWith('nesting exceeded') === true) {
    return refused(text, tooDeep(loaded.error.mark?.position ?? 0));
  }
  const { findings: found, soundUntil } = syntaxFindings(text, doc, loaded.error);
  const findings = found.map((finding) => inside(text, finding));
  const source = { text, doc, targets: aliases.targets, findings, soundUntil };
  return { ...source, value: loaded.error === undefined ? loaded.value : plainOf(source, doc.contents) };
}

/** Of a text beyond a bound nothing is looked at. */
function refused(text: string, finding: Finding): YamlSource {
  const findings = [inside(text, finding)];
  return { text, doc: undefined, targets: new Map(), value: undefined, findings, soundUntil: 0 };
}

/** A finding about what is missing at the end of a text points behind it. */
function inside(text: string, finding: Finding): Finding {
  return { ...finding, start: Math.min(finding.start, text.length), end: Math.min(finding.end, text.length) };
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
function plainOf(source: Pick<YamlSource, 'targets'>, node: unknown): unknown {
  const target = resolved(source, node);
  if (isSeq(target)) return target.items.map((item) => plainOf(source, item));
  if (!isMap(target)) return isScalar(target) ? target.value : null;
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { key, value: below } of pairsOf(source, target).values()) value[key] = plainOf(source, below.value);
  return value;
}

/** The node itself, or the one that an alias stands for; null where there is none. */
export function resolved({ targets }: Pick<YamlSource, 'targets'>, node: unknown): Node | null {
  if (isAlias(node)) return targets.get(node) ?? null;
  return isScalar(node) || isMap(node) || isSeq(node) ? node : null;
}

/** A key of a mapping, and whether it came in by a merge key (`<<`). */
export interface KeyedPair {
  readonly key: string;
  readonly value: Pair;
  readonly isMerged: boolean;
}

/** Of each mapping that was asked for. */
const pairsOfMap = new WeakMap<YAMLMap, ReadonlyMap<string, KeyedPair>>();

/** The pairs of a mapping by key, its own first, then those merged into it; of a key that comes twice the first. */
export function pairsOf(source: Pick<YamlSource, 'targets'>, map: YAMLMap): ReadonlyMap<string, KeyedPair> {
  const known = pairsOfMap.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, KeyedPair>();
  const add = (pair: KeyedPair) => pairs.has(pair.key) || pairs.set(pair.key, pair);
  const written = map.items.filter((pair) => isPair(pair));
  for (const pair of written) {
    if (isScalar(pair.key) && !isMergeKey(pair)) add({ key: String(pair.key.value), value: pair, isMerged: false });
  }
  for (const pair of written.filter(isMergeKey)) {
    const merged = resolved(source, pair.value);
    const sources = isSeq(merged) ? merged.items.map((item) => resolved(source, item)) : [merged];
    for (const from of sources) {
      if (isMap(from)) for (const below of pairsOf(source, from).values()) add({ ...below, isMerged: true });
    }
  }
  pairsOfMap.set(map, pairs);
  return pairs;
}

/** The mapping's pair of a key, its own before a merged one. */
export function pairAt(source: Pick<YamlSource, 'targets'>, node: unknown, key: string): KeyedPair | undefined {
  const map = resolved(source, node);
  return isMap(map) ? pairsOf(source, map).get(key) : undefined;
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
