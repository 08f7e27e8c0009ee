import { describe, expect, it } from 'vitest';
import { completionsAt, hoverAt } from '../../../src/config/language/completions.ts';
import { NO_FACTS_FROM_RUNS } from '../../../src/config/check/run-facts.ts';
import { keysAt, optionAt } from '../../../src/config/options/option-paths.ts';
import { OPTIONS } from '../../../src/config/options/options.ts';

/** Inserted texts at the mark `|`, and the word that they replace. */
function complete(marked: string): { word: string; texts: readonly string[] } {
  const text = marked.replace('|', '');
  const { start, end, items } = completionsAt(text, marked.indexOf('|'));
  return { word: text.slice(start, end), texts: items.map(({ insertText }) => insertText) };
}

function hover(marked: string): string | undefined {
  return hoverAt(marked.replace('|', ''), marked.indexOf('|'))?.markdown;
}

const BLOCKS = ['embeddings', 'encoder', 'pooler', 'classifier'];

describe('completionsAt', () => {
  it.each([
    ['model:\n  name: x\n  ty|\ndata:\n  uri: x\n', 'ty', ['type: ', 'revision: ', 'pooling: ', 'normalize: ']],
    ['\uFEFFmodel:\r\n  name: x\r\n  |\r\n', '', ['type: ', 'revision: ', 'pooling: ', 'normalize: ']],
    ['model: {name: x, ty|pe: cross', 'type', ['type', 'revision', 'pooling', 'normalize']],
    ['hyperparameters: { num_epochs: 3,\n   gains: { E: 1, | }', '', ['S: ', 'C: ', 'I: ']],
    ['training_blocks:\n  - block_name: encoder\n    |', '', ['training: ']],
    ['training_blocks: [ { block_name: encoder, | } ]', '', ['training: ']],
    [
      'model: {name: x\ndata:\n  uri: y\n  |',
      '',
      ['locale: ', 'version: ', 'product_fields: ', 'dev_queries: ', 'max_queries: '],
    ],
  ])('offers the keys that are missing in %j', (marked, word, texts) => {
    expect(complete(marked)).toEqual({ word, texts });
  });

  it.each([
    ['model:\n  type: |', '', ['cross-encoder', 'bi-encoder']],
    ['model:\n  type: "cross en|"', 'cross en', ['cross-encoder', 'bi-encoder']],
    ['model: {name: x, type: |}', '', ['cross-encoder', 'bi-encoder']],
    ['training_blocks:\n- block_name: enc|', 'enc', BLOCKS],
    ['training_blocks: [ { block_name: | } ]', '', BLOCKS],
    ['hyperparameters:\n  batch_size:64\n  dropout_in_frozen: |\n', '', ['true', 'false']],
    ['hyperparameters:\n  learning_rate : |7e-6\n', '7e-6', ['7e-6', '2e-5']],
    ['data:\n  uri: bundled:|', 'bundled:', ['bundled:quickstart', 'alvations/esci-data-task1']],
  ])('offers the values in %j', (marked, word, texts) => {
    expect(complete(marked)).toEqual({ word, texts });
  });

  it('offers the runs that can be a baseline, newest first, where it is named and nowhere else', () => {
    const known = {
      ...NO_FACTS_FROM_RUNS,
      baselines: [
        { id: '2026-b', name: 'b' },
        { id: '2025-a', name: 'the paper' },
      ],
    };
    const itemsIn = (text: string) => completionsAt(text, text.length, known).items;
    expect(itemsIn('evaluation:\n  baseline: ').map(({ label, detail }) => `${label} ${detail}`)).toEqual([
      '2026-b b',
      '2025-a the paper',
      'null null: the pretrained model',
    ]);
    expect(itemsIn('model:\n  revision: ').map(({ label }) => label)).not.toContain('2026-b');
  });

  it('offers metrics in lists of both styles, and a list where there is none yet', () => {
    expect(complete('evaluation:\n  metrics: [esci_ndcg, n|]').texts).toContain('ndcg@10');
    expect(complete('evaluation:\n  metrics:\n  - mrr|').texts).toContain('mrr@10');
    expect(complete('evaluation:\n  metrics: |').texts).toContain('[mrr@10]');
  });

  it('offers sections at the margin that are not there yet', () => {
    const { texts } = complete('model:\n  name: x\ndata: {uri: y}\n|');
    expect(texts).toContain('hyperparameters:');
    expect(texts).toContain('device: ');
    expect(texts).not.toContain('model:');
  });

  it('offers nothing in a comment or below an unknown key', () => {
    expect(complete('model:\n  name: x # ty|').texts).toEqual([]);
    expect(complete('a:\n  b:\n    |').texts).toEqual([]);
  });

  it('offers and explains every option of the table at its place', () => {
    for (const path of Object.keys(OPTIONS)) {
      const parts = path.split('.');
      const lines = parts.map((part, i) => {
        const indent = '  '.repeat(i);
        return i === parts.length - 1
          ? parts[i - 1]?.endsWith('[]') === true
            ? '- '
            : indent
          : `${indent}${part.replace('[]', '')}:`;
      });
      const text = lines.join('\n');
      const key = parts.at(-1)!;
      expect(completionsAt(text, text.length).items.map(({ label }) => label)).toContain(key);
      expect(hoverAt(text + key, text.length + 1)?.markdown).toContain(optionAt(path)!.help);
    }
  });
});

describe('hoverAt', () => {
  it.each([
    ['model:\n  ty|pe: x', '**model.type**'],
    ['model:\n  type: bi-en|coder', '**model.type**'],
    ['mod|el: {}', '**model**'],
    ['evaluation: {metrics: [ndcg@|10]}', '**NDCG@10**'],
    ['hyperparameters: {gains: {E|: 1}}', '**hyperparameters.gains.E**'],
    ['training_blocks: [ { block_name: "enc|oder", training: TRUE } ]', '**training_blocks[].block_name**'],
  ])('explains %j', (marked, start) => {
    expect(hover(marked)?.startsWith(start)).toBe(true);
  });

  it('says nothing where nothing is known', () => {
    expect(hover('xx|x: 1')).toBeUndefined();
    expect(hover('# mod|el')).toBeUndefined();
  });
});

describe('optionAt', () => {
  it('finds options by path, list items by their index', () => {
    expect(optionAt('training_blocks[3].training')).toBe(OPTIONS['training_blocks[].training']);
    expect(optionAt('hyperparameters')).toBeUndefined();
    expect(keysAt('hyperparameters.gains')).toEqual(['E', 'S', 'C', 'I']);
  });
});
