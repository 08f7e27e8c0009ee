import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../protocol/problem.ts';

/** Contents of `tokenizer.json` and `tokenizer_config.json`; what is inside is checked where it is used. */
export interface TokeniserFiles {
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  /** Path of the file that `tokenizer` came from. */
  readonly path: string;
}

/**
 * Reads the tokeniser of a model folder: `tokenizer.json`, or for older BERT folders `vocab.txt`, from which the same is built.
 * @throws ProblemError `no-tokenizer`, `bad-tokenizer`
 */
export async function readTokeniserFiles(folder: string): Promise<TokeniserFiles> {
  const config = (await readJson(join(folder, 'tokenizer_config.json'))) ?? {};
  const path = join(folder, 'tokenizer.json');
  const tokenizer = await readJson(path);
  if (tokenizer !== null) return { tokenizer, config, path };
  const vocabPath = join(folder, 'vocab.txt');
  const vocab = await readIfThere(vocabPath);
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

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw badTokeniser(path, `This cannot be read: ${(error as Error).message}.`, error);
  }
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badTokeniser(path, `This is not JSON: ${(error as Error).message}.`, error);
  }
  if (!isObject(value)) throw badTokeniser(path, 'This is not a JSON object.');
  return value;
}

/** The tokenizer.json of a BERT vocabulary: a token a line, its number from 0 is its id. */
function wordPieceOf(vocab: string, config: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> {
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
