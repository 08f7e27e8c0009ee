import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeEdits } from '../../../src/config/edit/change-experiment.ts';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { applyEdits } from '../../../src/config/edit/text-edit.ts';
import type { FormChange } from '../../../src/protocol/panels/form-change.ts';

const ORIGINAL = readFileSync(new URL('../../../configs/model_config.yml', import.meta.url), 'utf8');
const COMMENTED = `# head
model: # the model
  name: a/b # its name

data: {uri: c/d} # flow
"hyperparameters":
    # indented by four
    seed: 1   # one
    'learning_rate' : 7e-6
    gains: {E: 1}
    # last words
training_blocks:
  # lead
  - block_name: "encoder" # first
    training: TRUE
  # between
  - training: False # second
    block_name: pooler
  - {block_name: classifier, training: yes}

evaluation:
  metrics:
    - mrr@10
    # middle
    - p@10 # two
    - r@10
my_key: [1, # kept
  2]
# foot
`;

function changed(text: string, change: FormChange): string {
  return applyEdits(text, changeEdits(text, change));
}

const SEED = 'hyperparameters.seed';
const METRICS = 'evaluation.metrics';
const BLOCKS = 'training_blocks';

describe('a change of the form', () => {
  it.each<[string, FormChange, string, string]>([
    ['sets a number and keeps its comment', { kind: 'set', path: SEED, value: '2' }, 'seed: 1 ', 'seed: 2 '],
    [
      'sets a number behind a quoted key as it was typed',
      { kind: 'set', path: 'hyperparameters.learning_rate', value: '2.0e-5 ' },
      ': 7e-6',
      ': 2.0e-5',
    ],
    [
      'writes what is no number, for the validator',
      { kind: 'set', path: SEED, value: 'a: [b' },
      'seed: 1 ',
      'seed: "a: [b" ',
    ],
    [
      'keeps double quotes',
      { kind: 'set', path: `${BLOCKS}[0].block_name`, value: 'embeddings' },
      '"encoder"',
      '"embeddings"',
    ],
    [
      'keeps the case of a flag',
      { kind: 'set', path: `${BLOCKS}[0].training`, value: 'false' },
      'training: TRUE',
      'training: FALSE',
    ],
    [
      'keeps a capital',
      { kind: 'set', path: `${BLOCKS}[1].training`, value: 'true' },
      'training: False',
      'training: True',
    ],
    [
      'keeps yes and no',
      { kind: 'set', path: `${BLOCKS}[2].training`, value: 'false' },
      'training: yes',
      'training: no',
    ],
    [
      'adds an option behind its section’s last',
      { kind: 'set', path: 'data.locale', value: 'jp' },
      '{uri: c/d}',
      '{uri: c/d, locale: jp}',
    ],
    [
      'adds a section',
      { kind: 'set', path: 'artifacts_path.output_dir', value: 'out: 1' },
      '  2]\n',
      '  2]\nartifacts_path:\n  output_dir: "out: 1"\n',
    ],
    ['writes a default too', { kind: 'set', path: SEED, value: '42' }, 'seed: 1 ', 'seed: 42 '],
    ['resets a line with its comment', { kind: 'reset', path: SEED }, '    seed: 1   # one\n', ''],
    ['resets the one key in braces', { kind: 'reset', path: 'hyperparameters.gains.E' }, '{E: 1}', '{}'],
    [
      'resets a key in braces',
      { kind: 'reset', path: `${BLOCKS}[2].training` },
      '{block_name: classifier, training: yes}',
      '{block_name: classifier}',
    ],
    [
      'resets the key on the line of a dash',
      { kind: 'reset', path: `${BLOCKS}[1].training` },
      '- training: False # second\n    block_name: pooler',
      '- block_name: pooler',
    ],
    [
      'resets a list',
      { kind: 'reset', path: METRICS },
      COMMENTED.slice(COMMENTED.indexOf('  metrics'), COMMENTED.indexOf('my_key')),
      '',
    ],
    ['resets nothing where nothing is set', { kind: 'reset', path: 'device' }, '', ''],
    ['adds an item', { kind: 'addItem', path: METRICS, value: 'trec:map' }, '- r@10', '- r@10\n    - trec:map'],
    ['removes an item with its comment', { kind: 'removeItem', path: METRICS, index: 1 }, '    - p@10 # two\n', ''],
    [
      'moves an item with its comment',
      { kind: 'moveItem', path: METRICS, from: 1, to: 0 },
      '    - mrr@10\n    # middle\n    - p@10 # two\n',
      '    - p@10 # two\n    - mrr@10\n    # middle\n',
    ],
    [
      'moves an item down',
      { kind: 'moveItem', path: METRICS, from: 0, to: 2 },
      '    - mrr@10\n    # middle\n    - p@10 # two\n    - r@10\n',
      '    # middle\n    - p@10 # two\n    - r@10\n    - mrr@10\n',
    ],
    [
      'adds a row in the style of the last',
      { kind: 'addItem', path: BLOCKS, value: 'embeddings' },
      'training: yes}',
      'training: yes}\n  - { block_name: embeddings, training: true }',
    ],
    [
      'removes a row',
      { kind: 'removeItem', path: BLOCKS, index: 1 },
      '  - training: False # second\n    block_name: pooler\n',
      '',
    ],
  ])('%s', (_name, change, before, after) => {
    const expected = COMMENTED.replace(before, after);
    expect(changed(COMMENTED, change)).toBe(expected);
    const crlf = (text: string) => `\uFEFF${text}`.replaceAll('\n', '\r\n');
    expect(changed(crlf(COMMENTED), change)).toBe(crlf(expected));
  });

  it('adds a row in lines, like those that are there', () => {
    expect(changed(ORIGINAL, { kind: 'addItem', path: BLOCKS, value: 'embeddings' })).toBe(
      ORIGINAL.replace(
        '"classifier"\n    training: TRUE',
        '"classifier"\n    training: TRUE\n  - block_name: embeddings\n    training: true',
      ),
    );
  });

  it('begins with the default where a list is not set', () => {
    const add: FormChange = { kind: 'addItem', path: 'data.product_fields', value: 'product_brand' };
    expect(changed('data: {}\n', add)).toBe('data: { product_fields: [product_title, product_brand] }\n');
    expect(changed('data:\n', add)).toBe('data:\n  product_fields: [product_title, product_brand]\n');
    expect(changed('', { kind: 'removeItem', path: METRICS, index: 0 })).toBe(
      'evaluation:\n  metrics: [mrr@10, ndcg@10, p@10, r@10]\n',
    );
  });

  it('leaves empty brackets where the last item is removed', () => {
    const text = 'training_blocks: # why\n  - block_name: pooler\ndevice: cpu\n';
    expect(changed(text, { kind: 'removeItem', path: BLOCKS, index: 0 })).toBe(
      'training_blocks: # why\n  []\ndevice: cpu\n',
    );
    expect(changed('evaluation: {metrics: [p@10]}', { kind: 'removeItem', path: METRICS, index: 0 })).toBe(
      'evaluation: {metrics: []}',
    );
  });

  it.each<[string, string, FormChange, string]>([
    ['the last item', 'metrics: [a, b, c]', { kind: 'removeItem', path: METRICS, index: 2 }, 'metrics: [a, b]'],
    ['the first item', 'metrics: [a, b, c]', { kind: 'removeItem', path: METRICS, index: 0 }, 'metrics: [b, c]'],
    [
      'an item alone on its line',
      'metrics: [\n  a, # one\n  b, # two\n  c # three\n ]',
      { kind: 'removeItem', path: METRICS, index: 1 },
      'metrics: [\n  a, # one\n  c # three\n ]',
    ],
    [
      'the last item alone on its line',
      'metrics: [\n  a, # one\n  c # three\n ]',
      { kind: 'removeItem', path: METRICS, index: 1 },
      'metrics: [\n  a, # one\n ]',
    ],
    [
      'an item before a comment',
      'metrics: [a, # one\n  b]',
      { kind: 'removeItem', path: METRICS, index: 0 },
      'metrics: [ # one\n  b]',
    ],
    [
      'an item for another place',
      'metrics: [a, "b", c]',
      { kind: 'moveItem', path: METRICS, from: 2, to: 0 },
      'metrics: [c, a, "b"]',
    ],
    [
      'nothing of the others',
      'metrics: ["a",b ]',
      { kind: 'addItem', path: METRICS, value: 'c' },
      'metrics: ["a",b, c ]',
    ],
  ])('takes %s in brackets', (_name, before, change, after) => {
    const wrap = (list: string) => `evaluation: {\n ${list} # end\n }\n`;
    expect(changed(wrap(before), change)).toBe(wrap(after));
  });

  it('ends a file as it ended', () => {
    const text = 'model: {name: a}\ndata: {uri: b}\ndevice: webgpu';
    expect(changed(text, { kind: 'reset', path: 'device' })).toBe('model: {name: a}\ndata: {uri: b}');
    expect(changed(text, { kind: 'set', path: 'threads', value: '2' })).toBe(`${text}\nthreads: 2`);
  });

  it('writes the first key of an empty file, behind its comments', () => {
    expect(changed('', { kind: 'set', path: 'model.name', value: 'a/b' })).toBe('model:\n  name: a/b\n');
    expect(changed('# to do', { kind: 'set', path: 'device', value: 'cpu' })).toBe('# to do\ndevice: cpu\n');
  });

  it('keeps an anchor, sets a key beside a merge, and replaces an alias by the value', () => {
    const text =
      'x-h: &h {seed: &s 1}\nmodel: {name: a}\ndata: {uri: b}\nhyperparameters:\n  <<: *h\n  eval_steps: *s\n';
    expect(changed(text, { kind: 'set', path: SEED, value: '2' })).toBe(`${text}  seed: 2\n`);
    expect(changed(text, { kind: 'set', path: 'hyperparameters.eval_steps', value: '9' })).toBe(
      text.replace('eval_steps: *s', 'eval_steps: 9'),
    );
    const own = 'model: {name: a}\ndata: {uri: b}\nhyperparameters:\n  seed: &s 1\n  eval_steps: *s\n';
    expect(changed(own, { kind: 'set', path: SEED, value: '2' })).toBe(own.replace('&s 1', '&s 2'));
    expect(() => changed(own, { kind: 'reset', path: SEED })).toThrow(/no clean edit/);
  });

  it.each<[string, string, FormChange, RegExp]>([
    ['a broken file', 'model: {name: a', { kind: 'set', path: SEED, value: '1' }, /syntax error/],
    [
      'a section that is an alias',
      'x-h: &h {seed: 1}\nhyperparameters: *h\n',
      { kind: 'set', path: SEED, value: '1' },
      /anchor/,
    ],
    [
      'a section that is merged in',
      'x-b: &b {hyperparameters: {num_epochs: 1}}\n<<: *b\n',
      { kind: 'set', path: SEED, value: '1' },
      /anchor/,
    ],
    [
      'a section that is a text',
      'model: a/b\n',
      { kind: 'set', path: 'model.type', value: 'bi-encoder' },
      /no mapping/,
    ],
    [
      'an item that is not there',
      ORIGINAL,
      { kind: 'set', path: `${BLOCKS}[7].training`, value: 'true' },
      /cannot be changed/,
    ],
    [
      'a value under a tag',
      'hyperparameters: {seed: !!str 1}\n',
      { kind: 'set', path: SEED, value: '2' },
      /no clean edit/,
    ],
    [
      'a list that is a text',
      'evaluation: {metrics: p@10}\n',
      { kind: 'addItem', path: METRICS, value: 'r@10' },
      /cannot be changed/,
    ],
    ['no option', ORIGINAL, { kind: 'set', path: 'c', value: '' }, /no option/],
    ['a section', ORIGINAL, { kind: 'set', path: 'model', value: 'a' }, /no option/],
    ['a list of no option', ORIGINAL, { kind: 'addItem', path: 'constructor', value: 'a' }, /no option/],
    ['a list that is set as one value', ORIGINAL, { kind: 'set', path: METRICS, value: 'p@10' }, /it is a list/],
    ['one value that is given an item', ORIGINAL, { kind: 'addItem', path: 'device', value: 'cpu' }, /it is one value/],
  ])('is refused in %s', (_name, text, change, reason) => {
    expect(() => changed(text, change)).toThrow(reason);
  });

  it('is read back by the validator', () => {
    const texts = [
      { kind: 'set', path: 'hyperparameters.batch_size', value: '16' },
      { kind: 'set', path: 'model.type', value: 'bi-encoder' },
      { kind: 'set', path: 'hyperparameters.loss_function', value: 'cosine-MSE' },
      { kind: 'removeItem', path: BLOCKS, index: 2 },
      { kind: 'removeItem', path: BLOCKS, index: 1 },
      { kind: 'addItem', path: METRICS, value: 'trec:map' },
    ] satisfies FormChange[];
    expect(parseExperiment(texts.reduce(changed, ORIGINAL), 'x.yml')).toMatchObject({
      problems: [],
      experiment: {
        model: { type: 'bi-encoder' },
        hyperparameters: { batch_size: 16, loss_function: 'cosine-MSE' },
        training_blocks: [{ block_name: 'encoder', training: true }],
        evaluation: { metrics: ['esci_ndcg', 'mrr@10', 'ndcg@10', 'p@10', 'r@10', 'trec:map'] },
      },
    });
  });
});
