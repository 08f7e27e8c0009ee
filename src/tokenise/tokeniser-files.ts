import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readWithin } from '../files/file-ranges.ts';
import { readJsonObject, type Json } from '../files/json-file.ts';
import { ProblemError } from '../vocabulary/problem.ts';

/** Largest file of a tokeniser that is read: several times the largest published one. */
const MOST_BYTES = 64e6;

/** Contents of `tokenizer.json` and `tokenizer_config.json`; what is inside is checked where it is used. */
export interface TokeniserFiles {
  readonly tokenizer: Json;
  readonly config: Json;
  /** Path of the file that `tokenizer` came from. */
  readonly path: string;
}

/**
 * Reads the tokeniser of a model folder: `tokenizer.json`, or for older BERT folders `vocab.txt`, from which the same is built.
 * @throws ProblemError `no-tokenizer`, `bad-tokenizer`, `cannot-read`
 */
export async function readTokeniserFiles(folder: string): Promise<TokeniserFiles> {
  const config = readJson(join(folder, 'tokenizer_config.json')) ?? {};
  const path = join(folder, 'tokenizer.json');
  const tokenizer = readJson(path);
  if (tokenizer !== null) return { tokenizer, config, path };
  const vocabPath = join(folder, 'vocab.txt');
  const vocab = readText(vocabPath);
  if (vocab !== null) return { tokenizer: wordPieceOf(vocab, config, vocabPath), config, path: vocabPath };
  const names = await readdir(folder).catch(() => [] as string[]);
  throw new ProblemError({
    code: 'no-tokenizer',
    message: `There is no tokenizer.json here, and no vocab.txt; found ${names.length === 0 ? 'nothing' : names.slice(0, 12).join(', ')}.`,
    where: folder,
    next: 'Copy tokenizer.json from where the model comes from. In Python: AutoTokenizer.from_pretrained(…).save_pretrained(folder) writes it.',
  });
}

/** The problem of a file that is there but is no tokeniser. */
export function badTokeniser(path: string, message: string, cause?: unknown): ProblemError {
  const next = 'Download or save the tokenizer again; a tokenizer.json of the tokenizers library is expected.';
  return new ProblemError({ code: 'bad-tokenizer', message, where: path, next }, { cause });
}

function readText(path: string): string | null {
  if (!existsSync(path)) return null;
  return readWithin(path, MOST_BYTES, (found) => badTokeniser(path, `${found}.`)).toString('utf8');
}

function readJson(path: string): Json | null {
  return existsSync(path) ? readJsonObject(path, { code: 'bad-tokenizer', mostBytes: MOST_BYTES }) : null;
}

/** The tokenizer.json of a BERT vocabulary: a token a line, its number from 0 is its id. */
function wordPieceOf(vocab: string, config: Json, path: string): Record<string, unknown> {
  const lines = vocab.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  const ids = Object.fromEntries(lines.map((token, id) => [token, id]));
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const missing = special.filter((token) => ids[token] === undefined);
  if (missing.length > 0) {
    throw badTokeniser(
      path,
      `This is no BERT vocabulary: ${missing.join(', ')} missing among its ${lines.length} tokens.`,
    );
  }
  return {
    version: '1.0',
    added_tokens: special.map((content) => ({ id: ids[content], content, special: true, normalized: false })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config['tokenize_chinese_chars'] ?? true,
      strip_accents: config['strip_accents'] ?? null,
      lowercase: config['do_lower_case'] ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', cls: ['[CLS]', ids['[CLS]']], sep: ['[SEP]', ids['[SEP]']] },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: ids,
    },
  };
}
