import { Tokenizer } from '@huggingface/tokenizers';
import { isObject } from '../vocabulary/check.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { matchRust } from './rust-tokenizer.ts';
import { requireId, requireSoundIds } from './checks.ts';
import { badTokeniser, readTokeniserFiles, type TokeniserFiles } from './tokeniser-files.ts';
import { requireModestGrowth } from './growth.ts';
import { createTokenPool } from './pool.ts';
import { nSpecial, PLAIN_TEMPLATE, templateOf, type Piece, type Template } from './template.ts';
import { longestFirst } from './truncate.ts';

/** One sequence, special tokens included: ids and token types, `[tokens]` each, owned by the caller. */
export interface TokenSequence {
  readonly ids: Int32Array;
  readonly typeIds: Uint8Array;
}

/**
 * Texts as sequences of at most `maxLength` tokens, special tokens included; `Infinity` truncates nothing. Each text is tokenised
 * once and kept; a pair is put together from the kept ids.
 */
export interface PairTokens {
  /** Tokens of the sequence `[CLS] query [SEP] product [SEP]`, or the model's own pattern. */
  pairLength(query: string, product: string, maxLength: number): number;
  /** Tokens of the sequence `[CLS] text [SEP]`. */
  length(text: string, maxLength: number): number;
  /** A pair, truncated `longest_first`. */
  pair(query: string, product: string, maxLength: number): TokenSequence;
  single(text: string, maxLength: number): TokenSequence;
}

/** A model's tokeniser, with the ids of the Rust `tokenizers` library. */
export interface Tokeniser extends PairTokens {
  /** The text that ids stand for, special tokens included. */
  decode(ids: Int32Array): string;
  readonly padId: number;
  /** Every id is below it. */
  readonly vocabSize: number;
  /** Longest sequence that the tokeniser's configuration allows; Infinity when it does not say. */
  readonly modelMaxLength: number;
  /** Of the distinct texts seen so far, each as a sequence of its own. */
  statistics(maxLength: number): TextStatistics;
}

/** Lengths of texts in tokens, special tokens included. */
export interface TextStatistics {
  readonly nTexts: number;
  /** Texts longer than the `maxLength` asked about. */
  readonly nTruncated: number;
  /** Before truncation; 0 without texts. */
  readonly meanTokens: number;
  readonly maxTokens: number;
  /** Memory of the kept ids. */
  readonly nBytes: number;
}

/** Sizes of the tables that ids and token types number rows of: a model's `Architecture` has them. */
export interface EmbeddingRows {
  readonly vocabSize: number;
  /** 0 or 1 where the token type makes no difference. */
  readonly nTokenTypes: number;
}

/**
 * Loads the tokeniser of a Hugging Face model folder. With `rows`, ids that the model has no embedding for are a problem, of
 * special tokens at once, of a text when it is met.
 * @throws ProblemError `no-tokenizer`, `bad-tokenizer`, `cannot-read`; later calls throw `bad-tokenizer`, and `max-length` when
 * special tokens leave no room
 */
export async function loadTokeniser(modelFolder: string, rows: EmbeddingRows | null = null): Promise<Tokeniser> {
  const files = await readTokeniserFiles(modelFolder);
  try {
    return createTokeniser(files, rows);
  } catch (error) {
    throw badTokeniser(files.path, `This is no tokenizer that can be used: ${(error as Error).message}.`, error);
  }
}

function createTokeniser({ tokenizer: json, config, path }: TokeniserFiles, rows: EmbeddingRows | null): Tokeniser {
  requireSoundIds(json);
  requireModestGrowth(json);
  const tokenizer = new Tokenizer(json, config);
  matchRust(tokenizer);
  const template: Template = templateOf(json['post_processor']) ?? PLAIN_TEMPLATE;
  const vocabSize = [...tokenizer.get_vocab().values()].reduce((largest, id) => Math.max(largest, id), -1) + 1;
  const nIds = Math.min(vocabSize, rows?.vocabSize ?? Infinity);
  requireIdsInRange(template, nIds, rows?.nTokenTypes ?? 0);
  const nAdded = { single: nSpecial(template.single), pair: nSpecial(template.pair) };
  const keepsEnd = config['truncation_side'] === 'left';
  const pool = createTokenPool(vocabSize, (text) => {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false });
    // Written so that no id at all, which a vocabulary without an unknown token gives, counts too.
    const wrong = ids.findIndex((id) => !(id < nIds));
    if (wrong === -1) return ids;
    throw badTokeniser(path, `It gives a text the id ${ids[wrong]}; the model has embeddings for ids below ${nIds}.`);
  });

  const cut = (ids: ArrayLike<number> & Sliceable, n: number): ArrayLike<number> =>
    keepsEnd ? ids.subarray(ids.length - n) : ids.subarray(0, n);
  const pairCounts = (query: string, product: string, maxLength: number): readonly [number, number] =>
    longestFirst(pool.idsOf(query).length, pool.idsOf(product).length, room(maxLength, nAdded.pair));

  return {
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: false }),
    padId: padIdOf(tokenizer, json, config),
    vocabSize,
    modelMaxLength: maxLengthOf(config),
    pairLength: (query, product, maxLength) => {
      const [nQuery, nProduct] = pairCounts(query, product, maxLength);
      return nQuery + nProduct + nAdded.pair;
    },
    length: (text, maxLength) => Math.min(pool.idsOf(text).length, room(maxLength, nAdded.single)) + nAdded.single,
    pair: (query, product, maxLength) => {
      const [nQuery, nProduct] = pairCounts(query, product, maxLength);
      return assemble(template.pair, [cut(pool.idsOf(query), nQuery), cut(pool.idsOf(product), nProduct)]);
    },
    single: (text, maxLength) => {
      const ids = pool.idsOf(text);
      return assemble(template.single, [cut(ids, Math.min(ids.length, room(maxLength, nAdded.single)))]);
    },
    statistics: (maxLength) => {
      const lengths = pool.lengths().map((length) => length + nAdded.single);
      return {
        nTexts: lengths.length,
        nTruncated: lengths.filter((length) => length > maxLength).length,
        meanTokens: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length),
        maxTokens: lengths.reduce((most, length) => Math.max(most, length), 0),
        nBytes: pool.nBytes,
      };
    },
  };
}

/** Checks the ids and token types of special tokens against the tables that they are looked up in. */
function requireIdsInRange({ single, pair }: Template, nIds: number, nTokenTypes: number): void {
  for (const piece of [...single, ...pair]) {
    if (piece.kind === 'special') requireId(piece.id, 'post_processor: id', nIds);
    if (nTokenTypes > 1) requireId(piece.typeId, 'post_processor: type_id', nTokenTypes);
  }
}

interface Sliceable {
  subarray(start: number, end?: number): ArrayLike<number>;
}

/** The pieces of a template one after the other, with the tokens of the texts in their places. */
function assemble(pieces: readonly Piece[], texts: readonly ArrayLike<number>[]): TokenSequence {
  const parts = pieces.map((piece) => (piece.kind === 'text' ? texts[piece.index]! : [piece.id]));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const ids = new Int32Array(length);
  const typeIds = new Uint8Array(length);
  let start = 0;
  parts.forEach((part, i) => {
    ids.set(part, start);
    typeIds.fill(pieces[i]!.typeId, start, start + part.length);
    start += part.length;
  });
  return { ids, typeIds };
}

/** Tokens that a sequence has for its texts. */
function room(maxLength: number, nAdded: number): number {
  if (maxLength >= nAdded) return maxLength - nAdded;
  throw new ProblemError({
    code: 'max-length',
    message: `Sequences of at most ${maxLength} tokens cannot hold the model's ${nAdded} special tokens.`,
    where: 'hyperparameters.max_length',
    next: `Set max_length to ${nAdded + 1} or more.`,
  });
}

function padIdOf(tokenizer: Tokenizer, json: TokeniserFiles['tokenizer'], config: TokeniserFiles['config']): number {
  const { pad_token: token } = config;
  const content = isObject(token) ? token['content'] : token;
  const { padding } = json;
  const fallback = isObject(padding) ? (padding['pad_id'] ?? 0) : 0;
  requireId(fallback, 'padding.pad_id');
  return (typeof content === 'string' ? tokenizer.token_to_id(content) : undefined) ?? fallback;
}

/** transformers writes 10³⁰ where it knows no limit. */
function maxLengthOf({ model_max_length: max }: TokeniserFiles['config']): number {
  return typeof max === 'number' && max >= 1 && max < 1e9 ? Math.floor(max) : Infinity;
}
