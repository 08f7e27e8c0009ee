import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outlineOf } from '../../../src/config/language/outline.ts';
import type { OutlineEntry } from '../../../src/config/language/outline.ts';

const ORIGINAL = readFileSync(new URL('../../../configs/model_config.yml', import.meta.url), 'utf8');

/** A line an entry, indented as the outline is. */
function printed(entries: readonly OutlineEntry[], indent = ''): string {
  return entries
    .map(({ name, detail, kind, children }) =>
      [`${indent}${name} (${kind}) ${detail}`.trimEnd(), printed(children, `${indent}  `)].filter(Boolean).join('\n'),
    )
    .join('\n');
}

describe('outlineOf', () => {
  it('tells sections, keys with their value, and list items by what they are called', () => {
    const text =
      'model: { name: a/b } # flow\nhyperparameters:\n  seed: 1\n  gains: {E: 1}\nevaluation:\n  metrics:\n  - mrr@10\n  - p@10\nthreads:\n';
    expect(printed(outlineOf(text))).toBe(
      `model (section)
  name (text) a/b
hyperparameters (section)
  seed (number) 1
  gains (section)
    E (number) 1
evaluation (section)
  metrics (list)
    mrr@10 (text)
    p@10 (text)
threads (nothing)`,
    );
    expect(printed(outlineOf(ORIGINAL))).toContain(
      `training_blocks (list)
  encoder (section)
    block_name (text) "encoder"
    training (flag) TRUE
  pooler (section)`,
    );
  });

  it.each(['\n', '\r\n'])('has ranges that hold name and children, with line ends %j', (eol) => {
    const text = ORIGINAL.replaceAll('\n', eol);
    const check = ({ name, start, end, nameStart, nameEnd, children }: OutlineEntry): void => {
      expect([start <= nameStart, nameStart < nameEnd, nameEnd <= end, end <= text.length]).not.toContain(false);
      expect(text.slice(nameStart, nameEnd)).toContain(name);
      expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
      for (const child of children) {
        expect(child.start >= start && child.end <= end).toBe(true);
        check(child);
      }
    };
    outlineOf(text).forEach(check);
  });

  it('tells of a broken text what can still be seen', () => {
    const names = outlineOf('model:\n  name: [a\ndata:\n  uri: x\n').map(({ name }) => name);
    expect(names[0]).toBe('model');
    expect(outlineOf('['.repeat(1000))).toEqual([]);
    expect(outlineOf('model: &m {name: *m}\n<<: *m\n? [a]\n: 1\n"": 2\n').every(({ name }) => name !== '')).toBe(true);
  });
});
