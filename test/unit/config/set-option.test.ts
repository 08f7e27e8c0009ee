import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { setOption } from '../../../src/config/edit/set-option.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';

const ORIGINAL = readFileSync(new URL('../../../configs/model_config.yml', import.meta.url), 'utf8');
const COMMENTED = `# head
model: # the model
  name: a/b # its name
data: {uri: c/d} # flow
hyperparameters:
    # indented by four
    seed: 1   # one
    gains: {E: 1}
    # last words
evaluation:
  metrics:
    - mrr@10
    - p@10 # two
# foot
`;

describe('setOption', () => {
  it.each([
    ['replaces a value', 'hyperparameters.seed=2', 'seed: 1   # one', 'seed: 2   # one'],
    ['adds a key', 'hyperparameters.num_epochs=2', 'gains: {E: 1}', 'gains: {E: 1}\n    num_epochs: 2'],
    ['adds a key in a flow mapping', 'data.locale=es', '{uri: c/d}', '{uri: c/d, locale: es}'],
    ['adds a key to a nested flow mapping', 'hyperparameters.gains.S=0.2', '{E: 1}', '{E: 1, S: 0.2}'],
    ['adds a key behind a comment', 'model.type=bi-encoder', '# its name', '# its name\n  type: bi-encoder'],
    ['adds a key at the top level', 'device=webgpu', 'p@10 # two', 'p@10 # two\ndevice: webgpu'],
    ['adds a section', 'artifacts_path.output_dir=out', 'p@10 # two', 'p@10 # two\nartifacts_path:\n  output_dir: out'],
    ['replaces a list', 'evaluation.metrics=esci_ndcg,r@5', '\n    - mrr@10\n    - p@10 # two', ' [esci_ndcg,r@5]'],
    ['quotes a text that YAML would read otherwise', 'data.uri=./a: b', 'c/d', '"./a: b"'],
    ['quotes a text that holds a comma', 'data.uri=a,b', 'c/d', '"a,b"'],
    [
      'freezes a block',
      'training_blocks.encoder=false',
      'p@10 # two',
      'p@10 # two\ntraining_blocks: [{ block_name: encoder, training: false }]',
    ],
  ])('%s and leaves the rest as it is', (_name, assignment, before, after) => {
    expect(setOption(COMMENTED, assignment)).toBe(COMMENTED.replace(before, after));
    expect(parseExperiment(setOption(COMMENTED, assignment), 'x.yml')).toHaveProperty('experiment');
  });

  it('changes an entry of the blocks, or adds one', () => {
    const frozen = setOption(ORIGINAL, 'training_blocks.encoder=FALSE');
    expect(frozen).toBe(ORIGINAL.replace('"encoder"\n    training: TRUE', '"encoder"\n    training: FALSE'));
    expect(setOption(ORIGINAL, 'training_blocks.embeddings=false')).toBe(
      ORIGINAL.replace(
        '"classifier"\n    training: TRUE',
        '"classifier"\n    training: TRUE\n  - block_name: embeddings\n    training: false',
      ),
    );
  });

  it('keeps CRLF and a byte order mark', () => {
    const text = `\uFEFF${COMMENTED}`.replaceAll('\n', '\r\n');
    const set = setOption(text, 'model.type=bi-encoder');
    expect(set).toBe(text.replace('# its name', '# its name\r\n  type: bi-encoder'));
  });

  it('fills a section that has its key alone, and one that is null', () => {
    expect(setOption('model: {name: a}\ndata: {uri: b}\nhyperparameters: # later\n', 'hyperparameters.seed=3')).toBe(
      'model: {name: a}\ndata: {uri: b}\nhyperparameters: # later\n  seed: 3\n',
    );
    expect(setOption('model: {name: a}\ndata: {uri: b}\nhyperparameters: null\n', 'hyperparameters.seed=3')).toBe(
      'model: {name: a}\ndata: {uri: b}\nhyperparameters: { seed: 3 }\n',
    );
  });

  it('sets a merged key beside the merge', () => {
    const text = 'x-base: &b {seed: 1}\nmodel: {name: a}\ndata: {uri: b}\nhyperparameters:\n  <<: *b\n';
    expect(setOption(text, 'hyperparameters.seed=2')).toBe(`${text}  seed: 2\n`);
  });

  it('sets several in a row', () => {
    const text = ['hyperparameters.learning_rate=1e-4', 'threads=2', 'hyperparameters.gains.E=2'].reduce(
      setOption,
      ORIGINAL,
    );
    const parsed = parseExperiment(text, 'x.yml');
    expect(parsed).toMatchObject({
      experiment: { hyperparameters: { learning_rate: 1e-4, gains: { E: 2 } }, threads: 2 },
    });
  });

  it.each([
    ['an unknown key', 'hyperparameters.leraning_rate=1', /did you mean hyperparameters\.learning_rate/],
    ['a key without its section', 'learning_rate=1', /did you mean hyperparameters\.learning_rate/],
    ['no value at all', 'device', /key=value/],
    ['a value out of range', 'hyperparameters.num_epochs=0', /found 0, expected a whole number/],
    ['an unknown name', 'device=gpu', /did you mean webgpu/],
    ['an unknown block', 'training_blocks.encodr=false', /did you mean training_blocks\.encoder/],
    ['broken YAML', 'hyperparameters.seed=[1', /expected a whole number/],
    ['blocks that are none', 'training_blocks=[{block_name: x}]', /training_blocks\[0\]\.block_name/],
  ])('refuses %s', (_name, assignment, message) => {
    expect(() => setOption(ORIGINAL, assignment)).toThrow(ProblemError);
    expect(() => setOption(ORIGINAL, assignment)).toThrow(message);
  });

  it('refuses a file with a syntax error, and a section that is an alias', () => {
    expect(() => setOption('model: {name: a', 'device=cpu')).toThrow(/syntax error/);
    const aliased = 'x-h: &h {seed: 1}\nmodel: {name: a}\ndata: {uri: b}\nhyperparameters: *h\n';
    expect(() => setOption(aliased, 'hyperparameters.seed=2')).toThrow(/no place/);
  });
});
