import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTokeniser } from '../../../src/tokenise/tokeniser.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { temporaryFolder } from '../../trainer/tiny-run.ts';
import { cpuMs } from '../cpu-time.ts';

const bundled = fileURLToPath(new URL('../../../assets/models/all-MiniLM-L6-v2/', import.meta.url));
const original = JSON.parse(readFileSync(join(bundled, 'tokenizer.json'), 'utf8')) as Tokenizer;

interface Tokenizer {
  added_tokens: object[];
  model: { vocab: Record<string, number> };
  [key: string]: unknown;
}

function folderWith(tokenizer: unknown): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tokenizer.json'), typeof tokenizer === 'string' ? tokenizer : JSON.stringify(tokenizer));
  return folder;
}

/** The problem of the call, within the time that the review allows. */
async function problemOf(run: () => Promise<unknown>): Promise<{ code: string; message: string; where?: string }> {
  const started = cpuMs();
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    expect(cpuMs() - started).toBeLessThan(2000);
    return (error as ProblemError).problem;
  }
  throw new Error('it was taken');
}

const withAdded = (...tokens: unknown[]): unknown => ({
  ...original,
  added_tokens: [...original.added_tokens, ...tokens],
});
const withVocab = (vocab: unknown): unknown => ({ ...original, model: { ...original.model, vocab } });
const withTemplate = (template: object): unknown => ({ ...original, post_processor: template });
const withNormalizers = (...normalizers: object[]): unknown => ({
  ...original,
  normalizer: { type: 'Sequence', normalizers },
});
const LONG = 'x'.repeat(5000);
const DOUBLED = { type: 'Replace', pattern: { String: 'x' }, content: 'xx' };
const ids = [2 ** 31, 2 ** 32 + 3, 1e15, -1, 1.5, '7', null, {}, Number.MAX_SAFE_INTEGER];
const text = (id: 'A' | 'B', typeId: unknown = 0): object => ({ Sequence: { id, type_id: typeId } });

const HOSTILE: readonly (readonly [what: string, tokenizer: unknown])[] = [
  ...ids.map((id) => [`an added token of id ${JSON.stringify(id)}`, withAdded({ id, content: '<x>' })] as const),
  ['an added token that is null', withAdded(null)],
  ['an added token without a text', withAdded({ id: 30_522 })],
  ['an added token of no text', withAdded({ id: 30_522, content: '' })],
  ['an added token of another one’s id', withAdded({ id: 101, content: '<x>' })],
  ['an added token twice', withAdded({ id: 30_522, content: '<x>' }, { id: 30_523, content: '<x>' })],
  ['no added tokens', { ...original, added_tokens: null }],
  ['added tokens by name', { ...original, added_tokens: { '<x>': 30_522 } }],
  ...ids.map((id) => [`a token of id ${JSON.stringify(id)}`, withVocab({ ...original.model.vocab, x: id })] as const),
  ['a page in the place of a blank', withNormalizers({ type: 'Replace', pattern: { String: ' ' }, content: LONG })],
  ['a page before each text', withNormalizers({ type: 'Prepend', prepend: LONG })],
  ['two in the place of one, over and over', withNormalizers(...Array.from({ length: 30 }, () => DOUBLED))],
  ['a page for a blank, before words', { ...original, pre_tokenizer: { type: 'Metaspace', replacement: LONG } }],
  ['no model', { ...original, model: null }],
  ['a model that is a list', { ...original, model: [] }],
  ['no vocabulary', withVocab(undefined)],
  ['a vocabulary that is a text', withVocab('constructor')],
  ['a vocabulary of something else', withVocab([1, 2])],
  ['a post-processor named as a property', withTemplate({ type: 'constructor' })],
  ['a post-processor named as another', withTemplate({ type: '__proto__' })],
  ...ids.map(
    (id) =>
      [
        `a special token of id ${JSON.stringify(id)}`,
        withTemplate({ type: 'BertProcessing', cls: ['a', id], sep: ['b', 102] }),
      ] as const,
  ),
  [
    'a special token that only objects have',
    withTemplate({
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: 'constructor', type_id: 0 } }, text('A')],
      pair: [text('A'), text('B')],
      special_tokens: {},
    }),
  ],
  [
    'a text a hundred times',
    withTemplate({
      type: 'TemplateProcessing',
      single: Array.from({ length: 100 }, () => text('A')),
      pair: [text('A'), text('B')],
      special_tokens: {},
    }),
  ],
  [
    'a pair without its product',
    withTemplate({ type: 'TemplateProcessing', single: [text('A')], pair: [text('A')], special_tokens: {} }),
  ],
  [
    'a token type beyond a byte',
    withTemplate({
      type: 'TemplateProcessing',
      single: [text('A')],
      pair: [text('A'), text('B', 256)],
      special_tokens: {},
    }),
  ],
  ['padding of no id', { ...original, padding: { pad_id: -1 } }],
  ...['null', '[]', '"x"', '7', '', '{', '['.repeat(1e6), `{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`].map(
    (json) => [json.slice(0, 10), json] as const,
  ),
];

describe('tokenizer.json', () => {
  it.each(HOSTILE)('with %s is a problem', async (_, tokenizer) => {
    const folder = folderWith(tokenizer);
    const problem = await problemOf(() => loadTokeniser(folder));
    expect(problem).toMatchObject({ code: 'bad-tokenizer', where: join(folder, 'tokenizer.json') });
    expect(problem.message.length).toBeLessThan(400);
  });

  it('with a sparse vocabulary of the largest ids is read in time', async () => {
    const started = cpuMs();
    const { vocabSize } = await loadTokeniser(folderWith(withAdded({ id: 2 ** 21 - 1, content: '<x>' })));
    expect(vocabSize).toBe(2 ** 21);
    expect(cpuMs() - started).toBeLessThan(5000);
  });

  it.each(['tokenizer.json', 'tokenizer_config.json', 'vocab.txt'])('of gigabytes is a problem: %s', async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), '');
    truncateSync(join(folder, name), 3e9);
    expect((await problemOf(() => loadTokeniser(folder))).message).toContain('3000000000 bytes');
  });

  it('that is a folder is a problem', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'tokenizer.json'));
    expect((await problemOf(() => loadTokeniser(folder))).code).toBe('cannot-read');
  });

  it.each(['null', '[]', '{', '7'])('is not used beside a configuration that is %s', async (json) => {
    const folder = folderWith(original);
    writeFileSync(join(folder, 'tokenizer_config.json'), json);
    const problem = await problemOf(() => loadTokeniser(folder));
    expect(problem).toMatchObject({ code: 'bad-tokenizer', where: join(folder, 'tokenizer_config.json') });
  });

  it('with names of prototypes as tokens has them as tokens', async () => {
    const vocab = Object.fromEntries([
      ...Object.entries(original.model.vocab),
      ['constructor', 30_522],
      ['__proto__', 30_523],
    ]);
    const tokeniser = await loadTokeniser(folderWith(withVocab(vocab)));
    expect([...tokeniser.single('constructor', 8).ids]).toEqual([101, 30_522, 102]);
  });
});

describe('a model with fewer embeddings than the tokenizer has tokens', () => {
  const small = { vocabSize: 2000, nTokenTypes: 2 };

  it('takes texts whose tokens it has', async () => {
    const tokeniser = await loadTokeniser(bundled, small);
    expect([...tokeniser.single('the', 8).ids]).toEqual([101, 1996, 102]);
  });

  it('is told of a text whose tokens it lacks, without the text', async () => {
    const tokeniser = await loadTokeniser(bundled, small);
    const problem = await problemOf(() => Promise.resolve().then(() => tokeniser.single('lamp', 8)));
    expect(problem).toMatchObject({ code: 'bad-tokenizer', where: join(bundled, 'tokenizer.json') });
    expect(problem.message).toBe('It gives a text the id 10437; the model has embeddings for ids below 2000.');
  });

  it('is told at once of special tokens and token types that it lacks', async () => {
    await expect(loadTokeniser(bundled, { ...small, vocabSize: 50 })).rejects.toThrow('below 50');
    const folder = folderWith(
      withTemplate({
        type: 'TemplateProcessing',
        single: [text('A')],
        pair: [text('A'), text('B', 2)],
        special_tokens: {},
      }),
    );
    copyFileSync(join(bundled, 'tokenizer_config.json'), join(folder, 'tokenizer_config.json'));
    await expect(loadTokeniser(folder, { ...small, vocabSize: 40_000 })).rejects.toThrow('below 2');
  });
});
