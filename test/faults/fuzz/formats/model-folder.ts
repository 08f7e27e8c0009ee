import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../../../src/model/load.ts';
import type { LoadedModel, LoadOptions } from '../../../../src/model/load.ts';
import { scoringGraph, trainingGraph } from '../../../../src/model/graphs.ts';
import { hashFile } from '../../../../src/files/hashed-file.ts';
import { collect, streamOf, type FloatTensor } from '../../../../src/model/tensor-stream.ts';
import { restoreParameters } from '../../../../src/trainer/loop/checkpoint.ts';
import { readSafetensors } from '../../../unit/read-safetensors.ts';
import type { FuzzFormat } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { anyText, likeValue } from '../like.ts';
import { joinParts, lengthOf, splitParts } from '../parts.ts';
import { bytesOf, decode, fileOf } from './seeds.ts';

const FAMILIES = ['tiny', 'tiny-distilbert', 'tiny-labels4', 'tiny-roberta'] as const;
const fixture = (family: string, name: string): Uint8Array => fileOf(`test/fixtures/oracle/${family}/${name}`);

const CROSS: LoadOptions = { type: 'cross-encoder', nLabels: 1, pooling: null, isNormalised: true, normal: () => 0.5 };
const BI: LoadOptions = { ...CROSS, type: 'bi-encoder' };

/** Writes the files of a model folder that has no others. */
function writeModel(folder: string, files: Readonly<Record<string, Uint8Array>>): string {
  const own = join(folder, 'model');
  rmSync(own, { recursive: true, force: true });
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(own, '1_Pooling'), { recursive: true });
    writeFileSync(join(own, name), bytes);
  }
  return own;
}

/** The weights that a configuration is meant for; those of BERT for any other. */
function weightsFor(config: string): Uint8Array {
  const family = /distilbert/.test(config) ? 'tiny-distilbert' : /roberta/.test(config) ? 'tiny-roberta' : 'tiny';
  return fixture(family, 'model.safetensors');
}

/** Draws what the engine would run. */
function graphsOf({ ranker }: LoadedModel): void {
  scoringGraph(ranker);
  const loss = ranker.type === 'cross-encoder' ? 'MSE' : 'cosine-MSE';
  const trainedBlocks = new Set(['encoder', 'embeddings'] as const);
  trainingGraph(ranker, { loss, trainedBlocks, dropout: null, hasDropoutInFrozen: false });
}

const INDEX = bytesOf(
  JSON.stringify({
    metadata: { total_size: 9568 },
    weight_map: { 'bert.embeddings.LayerNorm.bias': 'model-00001-of-00001.safetensors' },
  }),
);
const POOLING = bytesOf(
  JSON.stringify({ word_embedding_dimension: 8, pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }),
);
const CONFIG_PARTS = 3;

/** `config.json`, `1_Pooling/config.json` and, for a model in shards, the index of its files. */
export const modelConfig: FuzzFormat = {
  ending: 'json',
  parts: ['json', 'json', 'json'],
  seeds: () => FAMILIES.map((family) => joinParts([fixture(family, 'config.json'), POOLING, INDEX])),
  arbitrary: (seeds) => {
    const examples = seeds.map((seed) =>
      splitParts(seed, CONFIG_PARTS).map((part) => JSON.parse(decode(part)) as unknown),
    );
    return fc.oneof(
      ...examples.map((parts) =>
        fc.tuple(...parts.map(likeValue)).map((trees) => joinParts(trees.map((tree) => bytesOf(printTree(tree))))),
      ),
    );
  },
  words: [
    'model_type',
    'bert',
    'roberta',
    'xlm-roberta',
    'hidden_act',
    'gelu',
    'num_hidden_layers',
    'vocab_size',
    'weight_map',
    '../model.safetensors',
    '/etc/passwd',
    'config.json',
  ],
  readers: {
    cross: (bytes, folder) => {
      const [config, pooling] = splitParts(bytes, CONFIG_PARTS) as [Uint8Array, Uint8Array];
      const weights = weightsFor(decode(config));
      graphsOf(
        loadModel(
          writeModel(folder, { 'config.json': config, '1_Pooling/config.json': pooling, 'model.safetensors': weights }),
          CROSS,
        ),
      );
    },
    bi: (bytes, folder) => {
      const [config, pooling] = splitParts(bytes, CONFIG_PARTS) as [Uint8Array, Uint8Array];
      const weights = weightsFor(decode(config));
      graphsOf(
        loadModel(
          writeModel(folder, { 'config.json': config, '1_Pooling/config.json': pooling, 'model.safetensors': weights }),
          BI,
        ),
      );
    },
    sharded: (bytes, folder) => {
      const [config, , index] = splitParts(bytes, CONFIG_PARTS) as [Uint8Array, Uint8Array, Uint8Array];
      const own = { 'config.json': config, 'model.safetensors.index.json': index };
      loadModel(writeModel(folder, { ...own, 'model-00001-of-00001.safetensors': weightsFor(decode(config)) }), CROSS);
    },
  },
};

/** Weights: a model's, a checkpoint's, and those of int8 storage. */
export const safetensors: FuzzFormat = {
  ending: 'safetensors',
  parts: ['safetensors'],
  seeds: () => [
    ...FAMILIES.map((family) => fixture(family, 'model.safetensors')),
    fixture('.', 'tiny-cross-mse.safetensors'),
    fixture('.', 'tiny-cross-mse-frozen-encoder.safetensors'),
    storedFile(
      {
        a: { dtype: 'F16', shape: [2, 2], data_offsets: [0, 8] },
        b: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
      },
      16,
    ),
  ],
  arbitrary: () => anySafetensors,
  words: [
    '__metadata__',
    'dtype',
    'shape',
    'data_offsets',
    'F64',
    'F16',
    'BF16',
    'I8',
    'I64',
    'BOOL',
    'U16',
    'F8_E4M3',
    'toString',
  ],
  readers: {
    file: (bytes, folder) => {
      const path = join(folder, 'file.safetensors');
      writeFileSync(path, bytes);
      return readSafetensors(path);
    },
    model: (bytes, folder) =>
      loadModel(
        writeModel(folder, { 'config.json': fixture('tiny', 'config.json'), 'model.safetensors': bytes }),
        CROSS,
      ),
    int8: (bytes, folder) =>
      loadModel(
        writeModel(folder, { 'config.json': fixture('tiny', 'config.json'), 'model.int8.safetensors': bytes }),
        BI,
      ),
    checkpoint: async (bytes, folder) => {
      const checkpoint = join(folder, 'run', 'checkpoints', 'step-000001');
      mkdirSync(checkpoint, { recursive: true });
      const path = join(checkpoint, 'model.safetensors');
      writeFileSync(path, bytes);
      // The file is what was written: what is tried is what it holds.
      const files = { 'model.safetensors': hashFile(path) };
      const state = { version: 1, step: 1, best: null, nWithoutImprovement: 0, files };
      writeFileSync(join(checkpoint, 'state.json'), JSON.stringify(state));
      const read = () => streamOf(tinyParameters(folder));
      await restoreParameters(join(folder, 'run'), 1, {
        read,
        async write(_, tensors) {
          await collect(tensors);
        },
      });
    },
  },
};

/** Parameters of the shape of the fixture's, to be overwritten. */
function tinyParameters(folder: string): Map<string, FloatTensor> {
  const path = join(folder, 'intact.safetensors');
  writeFileSync(path, fixture('tiny', 'model.safetensors'));
  return new Map(
    [...readSafetensors(path).tensors].map(([name, tensor]) => [name, { shape: tensor.shape, data: tensor.floats() }]),
  );
}

function storedFile(header: object, nBytes: number): Uint8Array {
  const json = bytesOf(JSON.stringify(header));
  return Buffer.concat([lengthOf(json), json, new Uint8Array(nBytes)]);
}

const names = [
  ...new TextDecoder()
    .decode(fixture('tiny', 'model.safetensors').subarray(8, 6000))
    .matchAll(/"([\w.]+\.(?:weight|bias))"/g),
].map(([, name]) => name!);

const size = fc.oneof(fc.integer({ min: 0, max: 16 }), fc.constantFrom(-1, 1.5, 2 ** 31, 2 ** 53, 1e308));

/** Headers of any tensors, most of them named as the model's, over some bytes. */
const anySafetensors: Arbitrary<Uint8Array> = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: anyText }),
        fc.constantFrom('F32', 'F64', 'F16', 'BF16', 'I8', 'I64', 'BOOL', 'F8_E4M3', 'constructor'),
        fc.array(size, { maxLength: 4 }),
        fc.boolean(),
      ),
      { maxLength: 20 },
    ),
    fc.integer({ min: 0, max: 3000 }),
  )
  .map(([tensors, nBytes]) => {
    const sizes: Readonly<Record<string, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8 };
    const header = tensors.map(([name, dtype, shape, isTrue]) => {
      const length = shape.reduce((product, dim) => product * dim, sizes[dtype] ?? 1);
      return [name, { dtype, shape, data_offsets: [0, isTrue ? length : nBytes] }] as const;
    });
    return storedFile(Object.fromEntries(header), nBytes);
  });
