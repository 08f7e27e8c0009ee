/** Texts made to hang a reader, by name. Small ones are files of test/fixtures/hostile-yaml; here are those that grow. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../fixtures/hostile-yaml/', import.meta.url);

const VALID = 'model: { name: bundled:all-MiniLM-L6-v2 }\ndata: { uri: bundled:quickstart }\n';

const rows = (n: number, row: (i: number) => string): string => Array.from({ length: n }, (_, i) => row(i)).join('');

/** Each gives a text of about `n` repetitions. */
export const GROWING: Readonly<Record<string, (n: number) => string>> = {
  'open brackets behind a syntax error': (n) => `a: b: c\n${'x: [\n'.repeat(n)}`,
  'open brackets one in the other behind a syntax error': (n) => `a: b: c\n${'['.repeat(n)}`,
  'closed brackets one in the other': (n) => `${VALID}x: ${'['.repeat(n)}${']'.repeat(n)}`,
  'open braces with keys': (n) => `${VALID}a: b: c\nx: ${'{a: '.repeat(n)}`,
  'closing brackets': (n) => `${VALID}${']'.repeat(n)}`,
  'empty brackets on lines': (n) => `${VALID}${'[]\n'.repeat(n)}`,
  dashes: (n) => `${VALID}x:\n  ${'- '.repeat(n)}1\n`,
  'dashes behind a syntax error': (n) => `a: b: c\n${'- '.repeat(n)}1\n`,
  'question marks': (n) => `${'? '.repeat(n)}1\n`,
  colons: (n) => `${VALID}${': '.repeat(n)}`,
  'keys on one line': (n) => `${VALID}${'a: '.repeat(n)}1\n`,
  commas: (n) => `${VALID}x: [${','.repeat(n)}]\n`,
  'deep indentation': (n) => VALID + rows(Math.min(n, 1200), (i) => `${' '.repeat(i)}x-a:\n`),
  'deep indentation behind a syntax error': (n) =>
    `a: b: c\n${rows(Math.min(n, 1200), (i) => `${' '.repeat(i)}x-a:\n`)}`,
  'anchors and aliases': (n) => VALID + rows(n, (i) => `x-${i}: &a${i} 1\n`) + rows(n, (i) => `x-b${i}: *a${i}\n`),
  'one anchor again and again': (n) => VALID + rows(n, (i) => `x-${i}: &a {b: 1}\nx-b${i}: *a\n`),
  'aliases of nothing': (n) => VALID + rows(n, (i) => `x-${i}: *q${i}\n`),
  'a wide mapping many times': (n) =>
    `${VALID}x-b: &b {${rows(n, (i) => `k${i}: 1, `)}}\ntraining_blocks: [${'*b, '.repeat(n)}]\n`,
  'a wide mapping merged many times': (n) =>
    `${VALID}x-b: &b {${rows(n, (i) => `k${i}: 1, `)}}\nhyperparameters: { <<: [${'*b, '.repeat(n)}] }\n`,
  'unknown keys': (n) => VALID + rows(n, (i) => `k${i}: 1\n`),
  'keys for anchors': (n) => VALID + rows(n, (i) => `x-${i}: 1\n`),
  'one key again and again': (n) => VALID + 'seed: 1\n'.repeat(n),
  'settings without a blank': (n) => `${VALID}hyperparameters:\n${'  batch_size:64\n'.repeat(n)}`,
  'settings without a colon': (n) => `${VALID}training_blocks:\n${'- seed 1\n'.repeat(n)}batch_size = 64\n`,
  'wrong blocks': (n) => `${VALID}training_blocks:\n${'  - {block_name: nonsense, trainin: 7}\n'.repeat(n)}`,
  'empty blocks': (n) => `${VALID}training_blocks:\n${'-\n'.repeat(n)}`,
  'wrong blocks on one line': (n) => `${VALID}training_blocks: [${'{block_name: nonsense},'.repeat(n)}]\n`,
  'unknown metrics': (n) => `${VALID}evaluation: {metrics: [${rows(n, (i) => `m${i}, `)}]}\n`,
  'a long number in quotes': (n) => `${VALID}threads: "${'1'.repeat(n)}x"\n`,
  'a long word': (n) => `${VALID}device: ${'a'.repeat(n)}\n`,
  'a long word before a comma': (n) => `${VALID}x: {${'a'.repeat(n)}, b: 1}\n`,
  'a long key': (n) => `${VALID}${'k'.repeat(n)}: 1\n`,
  'a key before many blanks': (n) => `${VALID}k${' '.repeat(n)}x\n`,
  'words with colons on one line': (n) => `${VALID}x: ${'a:b '.repeat(n)}y:`,
  'quotes on lines': (n) => VALID + '"a\n'.repeat(n),
  'escaped quotes': (n) => `${VALID}x: {${'\\"'.repeat(n)}`,
  'a long text in quotes': (n) => `${VALID}device: "${'a\n  '.repeat(n)}"\n`,
  comments: (n) => `${VALID}${'# c\n'.repeat(n)}device: cpu\n`,
  'blank lines': (n) => `${VALID}${'\n'.repeat(n)}device: cpu\n`,
  'lines that end in a carriage return': (n) => `${VALID}${'x-a: 1\r'.repeat(n)}`,
  'settings on lines that end in a carriage return': (n) => `${VALID}x:\r${'  seed:1\r'.repeat(n)}`,
  tabs: (n) => `${VALID}hyperparameters:\n${'\tseed: 1\n'.repeat(n)}`,
  directives: (n) => `${'%YAML 1.2\n'.repeat(n)}---\n${VALID}`,
  'tag directives': (n) => `${rows(n, (i) => `%TAG !a${i}! tag:x,2000:${i}\n`)}---\n${VALID}`,
  documents: (n) => VALID + '---\na: 1\n'.repeat(n),
  tags: (n) => `${VALID}x: ${'!!str '.repeat(n)}1\n`,
  'anchors in a row': (n) => `${VALID}x: ${'&a '.repeat(n)}1\n`,
  'reserved signs': (n) => VALID + '`\n'.repeat(n),
  'mappings as keys': (n) => VALID + '{a: 1}: 1\n'.repeat(n),
};

/** Name → text of the kept files. */
export const KEPT: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
);

/** The table's texts for their repetitions, and the files. */
export function hostileTexts(n: number): readonly (readonly [name: string, text: string])[] {
  return [...Object.entries(GROWING).map(([name, textOf]) => [name, textOf(n)] as const), ...KEPT];
}
