import * as fc from 'fast-check';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTokeniser } from '../../../../src/tokenise/tokeniser.ts';
import type { FuzzFormat } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { likeValue } from '../like.ts';
import { joinParts, splitParts } from '../parts.ts';
import { bytesOf, textOf } from './seeds.ts';

const PIECES = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'red',
  'tow',
  '##el',
  '##s',
  'a',
  'b',
  '##a',
  '##b',
  '日',
  '1',
  '##2',
  ',',
  '.',
];
const ids = (tokens: readonly string[]): Record<string, number> =>
  Object.fromEntries(tokens.map((token, id) => [token, id]));
const added = (tokens: readonly string[]) =>
  tokens.map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  }));

const WORD_PIECE = {
  version: '1.0',
  truncation: null,
  padding: { pad_id: 0 },
  added_tokens: added(PIECES.slice(0, 5)),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 1 } },
      { SpecialToken: { id: '[SEP]', type_id: 1 } },
    ],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: ids(PIECES),
  },
};

const BPE_TOKENS = ['<s>', '<pad>', '</s>', '<unk>', 'r', 'e', 'd', 'Ġ', 't', 'o', 're', 'red', 'Ġt', 'to'];
const BPE = {
  version: '1.0',
  added_tokens: added(BPE_TOKENS.slice(0, 4)),
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'NFC' }, { type: 'Replace', pattern: { Regex: ' +' }, content: ' ' }, { type: 'Lowercase' }],
  },
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['</s>', 2],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
  decoder: { type: 'ByteLevel' },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    fuse_unk: false,
    byte_fallback: false,
    vocab: ids(BPE_TOKENS),
    merges: ['r e', 're d', 'Ġ t', 't o'],
  },
};

const UNIGRAM = {
  version: '1.0',
  added_tokens: added(['<s>', '<pad>', '</s>', '<unk>']),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Strip', strip_left: true, strip_right: true },
      { type: 'Precompiled', precompiled_charsmap: 'AAAA' },
    ],
  },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: true, prepend_scheme: 'always' },
  post_processor: { type: 'BertProcessing', sep: ['</s>', 2], cls: ['<s>', 0] },
  decoder: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  model: {
    type: 'Unigram',
    unk_id: 3,
    vocab: [
      ['<s>', 0],
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['▁', -3.1],
      ['red', -4],
      ['▁red', -2],
      ['to', -5],
      ['w', -6],
      ['el', -7],
    ],
  },
};

const CONFIG = {
  do_lower_case: true,
  pad_token: '[PAD]',
  truncation_side: 'right',
  model_max_length: 512,
  strip_accents: null,
  tokenize_chinese_chars: true,
};
const NOTHING = new Uint8Array();
const json = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));

const TEXTS = ['red towel', '', 'Réd  TOWELs, 日本 [SEP] <s>\u0000\ud83d', 'a'.repeat(300), '12 ab,. '.repeat(40)];

const PARTS = 3;

/** `tokenizer.json`, `tokenizer_config.json`, and the `vocab.txt` of older folders, which is read where the first is missing. */
export const tokenizer: FuzzFormat = {
  ending: 'json',
  parts: ['json', 'json', 'bytes'],
  seeds: () => [
    joinParts([json(WORD_PIECE), json(CONFIG), NOTHING]),
    joinParts([
      json(BPE),
      json({ pad_token: { content: '<pad>' }, truncation_side: 'left', model_max_length: 1e30 }),
      NOTHING,
    ]),
    joinParts([json(UNIGRAM), json(CONFIG), NOTHING]),
    joinParts([NOTHING, json(CONFIG), bytesOf(`${PIECES.join('\n')}\n`)]),
    joinParts([bytesOf(textOf('test/fixtures/tokenise/roberta/tokenizer.json')), NOTHING, NOTHING]),
  ],
  arbitrary: () =>
    fc.oneof(
      ...[WORD_PIECE, BPE, UNIGRAM].map((example) =>
        fc
          .tuple(likeValue(example), likeValue(CONFIG))
          .map((trees) => joinParts([...trees.map((tree) => bytesOf(printTree(tree))), NOTHING])),
      ),
    ),
  words: [
    '[UNK]',
    '##',
    'type',
    'Sequence',
    'WordPiece',
    'BPE',
    'Unigram',
    'Split',
    'Regex',
    '(a+)+$',
    '(?<x',
    'Prepend',
    'ByteFallback',
    'Fuse',
    'Digits',
    'vocab',
    'merges',
    'added_tokens',
    '\n',
    '[PAD]',
  ],
  readers: {
    tokenise: async (bytes, folder) => {
      const own = join(folder, 'tokenizer');
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own, { recursive: true });
      const names = ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt'];
      splitParts(bytes, PARTS).forEach((part, i) => {
        if (part.length > 0) writeFileSync(join(own, names[i]!), part);
      });
      await useTokeniser(own);
    },
  },
};

/** Tokenises as training does, and holds the tokeniser to what it promises of its ids. */
async function useTokeniser(folder: string): Promise<void> {
  const tokeniser = await loadTokeniser(folder);
  const { vocabSize, padId } = tokeniser;
  for (const text of TEXTS) {
    for (const { ids: found } of [tokeniser.single(text, 16), tokeniser.pair(TEXTS[0]!, text, 32)]) {
      const odd = found.find((id) => id < 0 || id >= vocabSize);
      if (odd !== undefined)
        throw new Error(`promised ids below the vocabulary's size, found id ${odd} of ${vocabSize}`);
      tokeniser.decode(found);
    }
  }
  tokeniser.statistics(16);
  if (!Number.isSafeInteger(padId) || padId < 0) throw new Error(`promised a padding id, found ${padId}`);
}
