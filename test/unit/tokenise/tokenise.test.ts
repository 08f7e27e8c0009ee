import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createTokenPool } from '../../../src/tokenise/pool.ts';
import { loadTokeniser } from '../../../src/tokenise/tokeniser.ts';

const bundled = fileURLToPath(new URL('../../../assets/models/all-MiniLM-L6-v2/', import.meta.url));

function modelFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tokenise-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

it('says what the model expects', async () => {
  const { padId, vocabSize, modelMaxLength } = await loadTokeniser(bundled);
  expect({ padId, vocabSize, modelMaxLength }).toEqual({ padId: 0, vocabSize: 30522, modelMaxLength: 512 });
});

it('counts distinct texts and those that are truncated', async () => {
  const tokeniser = await loadTokeniser(bundled);
  for (const text of ['red towel', 'blue towel set', 'red towel']) tokeniser.single(text, 512);
  const { nTexts, nTruncated, meanTokens, maxTokens } = tokeniser.statistics(4);
  expect({ nTexts, nTruncated, meanTokens, maxTokens }).toEqual({
    nTexts: 2,
    nTruncated: 1,
    meanTokens: 4.5,
    maxTokens: 5,
  });
});

it('truncates nothing at an infinite length', async () => {
  const tokeniser = await loadTokeniser(bundled);
  expect(tokeniser.pairLength('red towel', 'towel '.repeat(1000), Infinity)).toBe(1005);
});

it('takes long titles and odd characters in time', async () => {
  const tokeniser = await loadTokeniser(bundled);
  const texts = [
    'é'.repeat(1e6),
    '\u0301'.repeat(1e6),
    '日'.repeat(1e5),
    ' '.repeat(1e6),
    '\ud800'.repeat(1e5),
    '[SEP'.repeat(1e5),
  ];
  // A letter with a million marks is one word of one letter; words of more than 100 letters are unknown.
  expect(texts.map((text) => tokeniser.length(text, 512))).toEqual([3, 2, 512, 2, 2, 512]);
});

it('keeps what it gave when the pool grows', () => {
  const pool = createTokenPool(100_000, (text) => Array.from(text, (char) => char.codePointAt(0)!));
  const first = pool.idsOf('first');
  for (let i = 0; i < 5000; i++) pool.idsOf(`text ${i}`);
  expect(Array.from(first)).toEqual(Array.from(pool.idsOf('first')));
  expect(pool.nTexts).toBe(5001);
  expect(Array.from(pool.idsOf('text 4999'))).toEqual(Array.from('text 4999', (char) => char.codePointAt(0)!));
});

it('stores ids in two bytes where the vocabulary allows it', () => {
  expect(createTokenPool(65_536, () => [65_535]).idsOf('x')).toEqual(Uint16Array.of(65_535));
  expect(createTokenPool(65_537, () => [65_536]).idsOf('x')).toEqual(Int32Array.of(65_536));
});

const BROKEN: Readonly<Record<string, readonly [files: Record<string, string>, problem: RegExp]>> = {
  'an empty folder': [{}, /no tokenizer\.json here, and no vocab\.txt; found nothing/],
  'a folder without a tokenizer': [{ 'config.json': '{}' }, /found config\.json[^]*save_pretrained/],
  'a cut file': [{ 'tokenizer.json': '{"model": {' }, /tokenizer\.json: not JSON/],
  'a list': [{ 'tokenizer.json': '[]' }, /found a list of 0; expected a JSON object/],
  'another kind of JSON': [{ 'tokenizer.json': '{"a": 1}' }, /no tokenizer that can be used: .*model/],
  'a vocabulary of something else': [
    { 'vocab.txt': 'a\nb\n' },
    /no BERT vocabulary: \[PAD\], .* missing among its 2 tokens/,
  ],
};

it.each(Object.entries(BROKEN))('reports %s', async (_, [files, problem]) => {
  await expect(loadTokeniser(modelFolder(files))).rejects.toThrow(problem);
  await expect(loadTokeniser(modelFolder(files))).rejects.toMatchObject({ name: 'ProblemError' });
});

it('reports a maximum length that special tokens alone exceed', async () => {
  const tokeniser = await loadTokeniser(bundled);
  expect(() => tokeniser.pair('a', 'b', 2)).toThrow(/at most 2 tokens cannot hold the model's 3 special tokens/);
  expect(tokeniser.pair('a', 'b', 3).ids).toEqual(Int32Array.of(101, 102, 102));
});
