/** Many files and many changes: the result says what was meant, and everything else is as it was printed. */
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { changeEdits } from '../../../src/config/edit/change-experiment.ts';
import type { Option } from '../../../src/config/options/option-kinds.ts';
import { optionAt } from '../../../src/config/options/option-paths.ts';
import { OPTIONS } from '../../../src/config/options/options.ts';
import { readYaml } from '../../../src/config/yaml/yaml-source.ts';
import { applyEdits } from '../../../src/config/edit/text-edit.ts';
import { createRandom } from '../../../src/data/random.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import type { FormChange } from '../../../src/protocol/panels/form-change.ts';

const filesIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).map((file) =>
    readFileSync(new URL(`${folder}${file}`, import.meta.url), 'utf8'),
  );
const SHIPPED = filesIn('../../../configs/');
const BROKEN = filesIn('../../fixtures/config/broken/');
const paths = Object.entries<Option>(OPTIONS);

type Random = (n: number) => number;
const pick = <T>(random: Random, values: readonly T[]): T => values[random(values.length)]!;

/** The text in another print: line breaks, a byte order mark, comments behind values and between lines, an open last line. */
function reprinted(text: string, random: Random): string {
  const lines = text.replaceAll('\r\n', '\n').replace('\uFEFF', '').split('\n');
  const noted = lines.flatMap((line, i) => {
    const indent = /^ */.exec(line)![0];
    const isBare = /^[^#'"|>&*]*$/.test(line) && line.trim() !== '';
    const own = random(4) === 0 && isBare ? [`${indent}# over ${i}`] : [];
    return [...own, isBare && random(3) === 0 ? `${line} # at ${i}` : line];
  });
  const eol = random(3) === 0 ? '\r\n' : '\n';
  const end = random(4) === 0 ? noted.join(eol).trimEnd() : noted.join(eol);
  return (random(6) === 0 ? '\uFEFF' : '') + end;
}

const TYPED = [
  '1',
  '2e-5',
  '0.25',
  'true',
  'false',
  'null',
  'a/b',
  'a, b',
  'x: y',
  '# no',
  '',
  '- z',
  "it's",
  '"q"',
  '@',
  '{',
];

function someChange(text: string, random: Random): FormChange {
  const [table, option] = pick(random, paths);
  const path = table.replace('[]', `[${random(4)}]`);
  if (option.kind === 'texts' || random(6) === 0) {
    const list = option.kind === 'texts' ? path : 'training_blocks';
    const value = pick(random, option.kind === 'texts' ? [...option.suggestions, 'a, b'] : ['encoder', 'pooler']);
    const n = lengthOf(valueAt(readYaml(text).value, list)) ?? (option.kind === 'texts' ? option.default.length : 0);
    const kinds: FormChange[] = [{ kind: 'addItem', path: list, value }];
    if (n > 0) kinds.push({ kind: 'removeItem', path: list, index: random(n) });
    if (n > 0) kinds.push({ kind: 'moveItem', path: list, from: random(n), to: random(n) });
    return pick(random, kinds);
  }
  return random(3) === 0 ? { kind: 'reset', path } : { kind: 'set', path, value: pick(random, TYPED) };
}

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : undefined);

function valueAt(root: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], root);
}

function* leaves(value: unknown, path: string): Generator<[string, unknown]> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* leaves(inner, path === '' ? key : `${path}.${key}`);
  } else if (value !== null && value !== undefined) yield [path.replace(/\.(\d+)(?=\.|$)/g, '[$1]'), value];
}

/** Comments, each by its words. What is taken out takes the one on its line along, a row those between its lines. */
const commentsOf = (text: string) => [...text.matchAll(/# (?:over|at) \d+/g)].map(([comment]) => comment);

/** What is wrong with the result of a change; empty when all is well. */
function wrongs(text: string, change: FormChange, after: string): string[] {
  const found: string[] = [];
  const source = readYaml(after);
  if (source.findings.length > 0) found.push(`syntax: ${JSON.stringify(source.findings[0])}`);
  const value = valueAt(source.value, change.path);
  if (change.kind === 'reset' && value !== undefined) found.push('still there');
  const isText = change.kind === 'set' && ['text', 'choice'].includes(optionAt(change.path)!.kind);
  if (isText && change.value !== 'null' && value !== change.value) found.push(`says ${JSON.stringify(value)}`);
  const others = [readYaml(text).value, source.value].map((root) =>
    [...leaves(root, '')].filter(([path]) => !path.startsWith(change.path)),
  );
  if (!isDeepStrictEqual(new Map(others[0]), new Map(others[1]))) found.push('changed something else');
  const before = commentsOf(text);
  const kept = new Set(commentsOf(after));
  const lost = before.filter((comment) => !kept.has(comment));
  if (change.kind === 'set' || change.kind === 'addItem' || change.kind === 'moveItem') {
    if (lost.length > 0) found.push(`lost ${lost.join()}`);
  } else if (
    change.path !== 'training_blocks' &&
    lost.some((comment) => comment.startsWith('# over')) &&
    !after.includes('[]')
  ) {
    found.push(`lost a comment on its own line: ${lost.join()}`);
  }
  if (new Set(commentsOf(after)).size !== commentsOf(after).length) found.push('doubled a comment');
  const eols = new Set([...after.matchAll(/\r?\n/g)].map(([eol]) => eol));
  if (eols.size > 1) found.push('mixed line breaks');
  if (after.startsWith('\uFEFF') !== text.startsWith('\uFEFF')) found.push('byte order mark');
  return found;
}

describe('many changes of many files', () => {
  it('say what was meant, and nothing else changes', () => {
    const random = createRandom(7).nextBelow;
    let [nDone, nRefused] = [0, 0];
    for (let i = 0; i < 200; i++) {
      let text = reprinted(SHIPPED[i % SHIPPED.length]!, random);
      for (let step = 0; step < 5; step++) {
        const change = someChange(text, random);
        let after: string;
        try {
          after = applyEdits(text, changeEdits(text, change));
        } catch (error) {
          // A row that is not there, or the one key that an item must have on the line of its dash.
          const isExpected = error instanceof ProblemError && change.path.includes('[');
          if (!isExpected) throw new Error(`${JSON.stringify(change)} in ${JSON.stringify(text)}`, { cause: error });
          nRefused++;
          continue;
        }
        expect(wrongs(text, change, after), `${JSON.stringify(change)} in ${JSON.stringify(text)}`).toEqual([]);
        nDone++;
        text = after;
      }
    }
    expect(nDone).toBeGreaterThan(700);
    expect(nRefused).toBeLessThan(250);
  });

  it('never throw but a problem, and never break what is whole', () => {
    const random = createRandom(11).nextBelow;
    for (const text of BROKEN) {
      const isWhole = readYaml(text).findings.length === 0;
      for (let i = 0; i < 12; i++) {
        const change = isWhole ? someChange(text, random) : ({ kind: 'reset', path: 'device' } as const);
        try {
          const edits = changeEdits(text, change);
          expect(isWhole, JSON.stringify(text)).toBe(true);
          expect(readYaml(applyEdits(text, edits)).findings, JSON.stringify([change, text])).toEqual([]);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
        }
      }
    }
  });
});
