import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { matchRust } from '../../../src/tokenise/rust-tokenizer.ts';
import { loadTokeniser, type Tokeniser, type TokenSequence } from '../../../src/tokenise/tokeniser.ts';

/** A line of `pairs` is `<query> <product> <hash>`: the pair at max_length 5 to 64, the product alone at 5, 15 … 55. */
interface Case {
  readonly queries: readonly string[];
  readonly products: readonly string[];
  readonly pairs: readonly string[];
}

interface TokenizerJson {
  normalizer: Record<string, unknown>;
  model: { vocab: Record<string, number> };
}

const fixtures = new URL('../../fixtures/tokenise/', import.meta.url);
const bundled = new URL('../../../assets/models/all-MiniLM-L6-v2/', import.meta.url);
const bundledJson = (): TokenizerJson => readJson(new URL('tokenizer.json', bundled)) as TokenizerJson;

function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

function packed({ ids, typeIds }: TokenSequence): Uint8Array {
  const bytes = Buffer.alloc(2 + 3 * ids.length);
  bytes.writeUInt16LE(ids.length);
  ids.forEach((id, i) => bytes.writeUInt16LE(id, 2 + 2 * i));
  bytes.set(typeIds, 2 + 2 * ids.length);
  return bytes;
}

function pairHash(tokeniser: Tokeniser, query: string, product: string): string {
  const digest = createHash('sha256');
  for (let maxLength = 5; maxLength <= 64; maxLength++) {
    const pair = tokeniser.pair(query, product, maxLength);
    const single = tokeniser.single(product, maxLength);
    if (pair.ids.length !== tokeniser.pairLength(query, product, maxLength)) throw new Error('pairLength differs');
    if (single.ids.length !== tokeniser.length(product, maxLength)) throw new Error('length differs');
    digest.update(packed(pair));
    if (maxLength % 10 === 5) digest.update(packed(single));
  }
  return digest.digest('hex').slice(0, 10);
}

/** Pairs whose sequences differ from the Rust tokenizer's, as texts. */
function differences(tokeniser: Tokeniser, { queries, products, pairs }: Case): string[][] {
  return pairs.flatMap((line) => {
    const [query, product, hash] = line.split(' ');
    const texts = [queries[Number(query)]!, products[Number(product)]!] as const;
    return pairHash(tokeniser, ...texts) === hash ? [] : [[...texts]];
  });
}

function modelFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tokenise-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function changedBert(normalizer: Record<string, unknown>, config: Record<string, unknown> = {}): Promise<Tokeniser> {
  const json = bundledJson();
  json.normalizer = { ...json.normalizer, ...normalizer };
  return loadTokeniser(
    modelFolder({ 'tokenizer.json': JSON.stringify(json), 'tokenizer_config.json': JSON.stringify(config) }),
  );
}

function fromVocabulary(): Promise<Tokeniser> {
  const vocab = Object.entries(bundledJson().model.vocab).sort(([, a], [, b]) => a - b);
  const files = {
    'vocab.txt': vocab.map(([token]) => `${token}\n`).join(''),
    'tokenizer_config.json': '{"strip_accents":false}',
  };
  return loadTokeniser(modelFolder(files));
}

const tokenisers: Readonly<Record<string, readonly [fixture: string, () => Promise<Tokeniser>]>> = {
  'the bundled BERT': ['bert', () => loadTokeniser(fileURLToPath(bundled))],
  'BERT with accents, from vocab.txt': ['bert-lowered-accents', fromVocabulary],
  'cased BERT, truncated on the left': [
    'bert-cased-left',
    () => changedBert({ lowercase: false }, { truncation_side: 'left' }),
  ],
  'cased BERT without accents and without ideographs apart': [
    'bert-cased-stripped',
    () => changedBert({ lowercase: false, strip_accents: true, handle_chinese_chars: false }),
  ],
  'uncased BERT with accents': ['bert-lowered-accents', () => changedBert({ strip_accents: false })],
  'RoBERTa (byte-level BPE)': ['roberta', () => loadTokeniser(fileURLToPath(new URL('roberta', fixtures)))],
};

describe('sequences equal the Rust tokenizer at every max_length from 5 to 64', () => {
  it.each(Object.entries(tokenisers))('%s', async (_, [fixture, load]) => {
    const tokeniser = await load();
    const found = differences(tokeniser, readJson(new URL(`${fixture}.json`, fixtures)) as Case);
    expect({ n: found.length, first: found.slice(0, 5) }).toEqual({ n: 0, first: [] });
  });
});

it('has 10,000 pairs for the bundled model', () => {
  expect((readJson(new URL('bert.json', fixtures)) as Case).pairs).toHaveLength(10_000);
});

it('normalises and splits every code point as the Rust tokenizer does', () => {
  const tokenizer = new Tokenizer(bundledJson(), {});
  matchRust(tokenizer);
  const hashes = readJson(new URL('unicode.json', fixtures)) as string[];
  const ours = hashes.map((_, block) => {
    const digest = createHash('sha256');
    for (let code = block * 4096; code < (block + 1) * 4096; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const text = `a${String.fromCodePoint(code)}B`;
      const words = tokenizer.pre_tokenizer!.pre_tokenize(text);
      digest.update([tokenizer.normalizer!.normalize(text), ...words, ''].join('\0'));
    }
    return digest.digest('hex').slice(0, 10);
  });
  expect(ours).toEqual(hashes);
});
