import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/model/load.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { temporaryFolder, writeTinyModel } from '../../trainer/tiny-run.ts';
import { rawHeader, type RawTensor } from '../raw-safetensors.ts';
import { cpuMs } from '../cpu-time.ts';

const whole = writeTinyModel(temporaryFolder());

/** A model folder that one thing is wrong with. */
function folderWith(damage: (folder: string) => void): string {
  const folder = join(temporaryFolder(), 'model');
  cpSync(whole, folder, { recursive: true });
  damage(folder);
  return folder;
}

const load = (folder: string, type: 'cross-encoder' | 'bi-encoder' = 'cross-encoder') =>
  loadModel(folder, { type, nLabels: 1, pooling: null, isNormalised: true, normal: () => 0 });

/** The problem of loading it, within the time that the review allows. */
function problemOf(folder: string): { code: string; message: string; where?: string } {
  const started = cpuMs();
  try {
    load(folder, 'bi-encoder');
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    expect(cpuMs() - started).toBeLessThan(2000);
    return (error as ProblemError).problem;
  }
  throw new Error('it was loaded');
}

const write = (folder: string, name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const configOf = (folder: string): object => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;

const NO_OBJECT = ['null', '[]', '"text"', '7', 'true', '', '{', '\u0000', '['.repeat(1e6)];

describe.each(['config.json', '1_Pooling/config.json', 'model.safetensors.index.json'])('%s', (name) => {
  it.each(NO_OBJECT.map((text) => [text.slice(0, 10), text]))('that holds %j is a problem', (_, text) => {
    const folder = folderWith((model) => {
      if (name.includes('index')) renameSync(join(model, 'model.safetensors'), join(model, 'a.safetensors'));
      write(model, name, text);
    });
    expect(problemOf(folder).where).toBe(join(folder, name));
  });

  it('that is a folder, or of gigabytes, is a problem', () => {
    const asFolder = folderWith((model) => {
      renameSync(join(model, 'model.safetensors'), join(model, 'a.safetensors'));
      renameSync(join(model, 'config.json'), join(model, 'config'));
      mkdirSync(join(model, name), { recursive: true });
      if (name !== 'config.json') renameSync(join(model, 'config'), join(model, 'config.json'));
      if (name.startsWith('1_')) renameSync(join(model, 'a.safetensors'), join(model, 'model.safetensors'));
    });
    expect(problemOf(asFolder)).toMatchObject({ code: 'cannot-read', where: join(asFolder, name) });
    const large = folderWith((model) => {
      if (name.includes('index')) renameSync(join(model, 'model.safetensors'), join(model, 'a.safetensors'));
      write(model, name, '{}');
      truncateSync(join(model, name), 3e9);
    });
    expect(problemOf(large).message).toContain('3000000000 bytes');
  });
});

const NUMBERS = {
  num_hidden_layers: ['3000000', '-1', '1.5', '0', '"2"', '[2]', '1e400', 'true'],
  hidden_size: ['0', '-16', '1e9', '15.5', '{"toString": 1}'],
  num_attention_heads: ['0', '3', '-2', '1.5', '1000', '"constructor"'],
  vocab_size: ['1e12', '0', '1.5', '-1', '2147483648'],
  intermediate_size: ['0', '1e12', '-1', '0.1'],
  max_position_embeddings: ['0', '1e12', '1.5'],
  type_vocab_size: ['-1', '1e9', '0.5'],
  layer_norm_eps: ['-1', '1e999', '2', '"1e-12"'],
  hidden_dropout_prob: ['1', '-0.1', '7', '[]'],
  attention_probs_dropout_prob: ['1', '-0.1'],
  classifier_dropout: ['1', '-1', '"0.1"'],
  initializer_range: ['-1', '1e308', '"x"'],
};
const numbers = Object.entries(NUMBERS).flatMap(([key, values]) => values.map((value) => [key, value] as const));

describe('config.json', () => {
  it.each(numbers)('with "%s": %s names the field', (key, value) => {
    const folder = folderWith((model) => {
      const rest = JSON.stringify({ ...configOf(model), [key]: undefined });
      write(model, 'config.json', `${rest.slice(0, -1)}, "${key}": ${value}}`);
    });
    const problem = problemOf(folder);
    expect(problem).toMatchObject({ code: 'bad-model-config', where: join(folder, 'config.json') });
    expect(problem.message).toContain(`"${key}"`);
  });

  it.each([
    ['model_type', 'constructor', 'unknown-architecture'],
    ['model_type', '__proto__', 'unknown-architecture'],
    ['model_type', { toString: 'bert' }, 'unknown-architecture'],
    ['model_type', 'x'.repeat(1e6), 'unknown-architecture'],
    ['hidden_act', 'toString', 'unknown-activation'],
    ['hidden_act', { gelu: true }, 'unknown-activation'],
  ])('with %s %j is a problem', (key, value, code) => {
    const folder = folderWith((model) =>
      write(model, 'config.json', JSON.stringify({ ...configOf(model), [key]: value })),
    );
    const problem = problemOf(folder);
    expect(problem).toMatchObject({ code, where: join(folder, 'config.json') });
    expect(problem.message.length).toBeLessThan(300);
  });

  it('of the RoBERTa family leaves room for a token after the padding', () => {
    for (const value of [64, 63, -1, 1.5, 2 ** 31]) {
      const folder = folderWith((model) =>
        write(
          model,
          'config.json',
          JSON.stringify({ ...configOf(model), model_type: 'roberta', type_vocab_size: 2, pad_token_id: value }),
        ),
      );
      expect(problemOf(folder).message).toContain('"pad_token_id"');
    }
  });

  it('of a size that the weights have not is a problem before anything is allocated', () => {
    const folder = folderWith((model) =>
      write(model, 'config.json', JSON.stringify({ ...configOf(model), hidden_size: 65536, vocab_size: 8e6 })),
    );
    expect(problemOf(folder)).toMatchObject({ code: 'bad-parameter' });
    expect(problemOf(folder).message).toContain('[8000000, 65536]');
  });
});

describe('the index of shards', () => {
  const withMap = (map: string): string =>
    folderWith((model) => {
      renameSync(join(model, 'model.safetensors'), join(model, '..', 'outside.safetensors'));
      write(model, 'model.safetensors.index.json', `{"weight_map": ${map}}`);
    });

  it.each([
    '{"a": "../outside.safetensors"}',
    '{"__proto__": "../outside.safetensors"}',
    '{"a": "x/../../outside.safetensors"}',
    '{"a": "..\\\\outside.safetensors"}',
    '{"a": "/etc/passwd"}',
    '{"a": "C:x.safetensors"}',
    '{"a": "a\\u0000.safetensors"}',
    '{"a": ".."}',
    '{"a": ""}',
    '{"a": 7}',
    '{"a": null}',
    '{"a": {"toString": "x"}}',
    '{"a": "constructor"}',
    '{}',
    '[]',
    'null',
    '"model.safetensors"',
    JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [i, `${i}.safetensors`]))),
  ])('with %s is a problem', (map) => {
    const folder = withMap(map);
    expect(problemOf(folder)).toMatchObject({
      code: 'bad-model-index',
      where: join(folder, 'model.safetensors.index.json'),
    });
  });

  it('that names a file which is not there is a problem', () => {
    const folder = withMap('{"a": "b.safetensors"}');
    expect(problemOf(folder)).toMatchObject({ code: 'cannot-read', where: join(folder, 'b.safetensors') });
  });

  it('may name links, as caches of the hub keep them; a tensor in two files is a problem', () => {
    const folder = withMap('{"a": "a.safetensors"}');
    symlinkSync(join(folder, '..', 'outside.safetensors'), join(folder, 'a.safetensors'));
    expect(load(folder).initialised).toEqual([]);
    symlinkSync(join(folder, 'a.safetensors'), join(folder, 'b.safetensors'));
    write(folder, 'model.safetensors.index.json', '{"weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}');
    expect(problemOf(folder).message).toContain('is in two files');
  });
});

describe('weights', () => {
  const name = 'bert.encoder.layer.0.output.dense.weight';
  /** The tiny model with one matrix of 16 × 32 stored in another way. */
  const stored = (...replacements: readonly RawTensor[]): string =>
    folderWith((model) => {
      const others = [...load(model).parameters].filter(([other]) => other !== name);
      const tensors = others.map(([other, { shape, data }]) => ({
        name: other,
        dtype: 'F32',
        shape,
        nBytes: data.byteLength,
      }));
      const header = rawHeader([...tensors, ...replacements]);
      const rest = replacements.map(({ nBytes }) => Buffer.alloc(nBytes, 1));
      const data = others.map(([, { data: floats }]) => Buffer.from(floats.buffer));
      writeFileSync(join(model, 'model.safetensors'), Buffer.concat([header, ...data, ...rest]));
    });
  const matrix = (dtype: string, nBytes: number): RawTensor => ({ name, dtype, shape: [16, 32], nBytes });
  const scale = (dtype: string, n: number, nBytes: number): RawTensor => ({
    name: `${name}.scale`,
    dtype,
    shape: [n],
    nBytes,
  });

  it('of int8 with a scale a row are floats', () => {
    const folder = stored(matrix('I8', 512), scale('F32', 16, 64));
    expect(load(folder).parameters.get(name)!.data).toHaveLength(512);
  });

  it.each([
    ['integers', [matrix('I32', 2048)], 'has type I32, expected floats'],
    ['int8 without scales', [matrix('I8', 512)], 'has no'],
    ['int8 with too few scales', [matrix('I8', 512), scale('F32', 15, 60)], 'of 16 floats beside it'],
    ['int8 with scales that are integers', [matrix('I8', 512), scale('I32', 16, 64)], 'of 16 floats beside it'],
  ])('that are %s are a problem', (_, tensors, message) => {
    const folder = stored(...tensors);
    const problem = problemOf(folder);
    expect(problem).toMatchObject({ code: 'bad-parameter', where: join(folder, 'model.safetensors') });
    expect(problem.message).toContain(message);
  });
});

it('a path to a file is no model, and says so', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(problemOf(file)).toMatchObject({ code: 'no-model', where: file });
});
