import { BertNormalizer, BertPreTokenizer, ByteLevelPreTokenizer, type Tokenizer } from '@huggingface/tokenizers';
import { CJK, OTHER_CHARACTER, NONSPACING_MARK, NOT_DECOMPOSED, PUNCTUATION, WHITE_SPACE } from './unicode.ts';

const PLAIN = /^[ -~]*$/;
const CONTROLS = new RegExp(`[${OTHER_CHARACTER}]+`, 'gu');
const WHITE_SPACES = new RegExp(`[${WHITE_SPACE}]`, 'gu');
const IDEOGRAPH = new RegExp(`[${CJK}]`, 'gu');
const MARKS = new RegExp(`[${NONSPACING_MARK}]+`, 'gu');
const HAS_NOT_DECOMPOSED = new RegExp(`[${NOT_DECOMPOSED}]`, 'u');
const DECOMPOSED = new RegExp(`[^${NOT_DECOMPOSED}]+`, 'gu');
const WORDS = new RegExp(`[${PUNCTUATION}]|[^${WHITE_SPACE}${PUNCTUATION}]+`, 'gu');

/** GPT-2's pattern, its `\s` and `\S` in Unicode's sense: JavaScript's take in U+FEFF and leave out U+0085. */
const BYTE_LEVEL_WORDS = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${WHITE_SPACE}\\p{L}\\p{N}]+|[${WHITE_SPACE}]+(?![^${WHITE_SPACE}])|[${WHITE_SPACE}]+`,
  'gu',
);

/**
 * The library's BERT normaliser with the results of the Rust one: accents go before the letters are lowered, letters are
 * lowered one by one (so no final sigma), ideographs beyond U+FFFF count, categories are those of Unicode 8.
 */
class RustBertNormalizer extends BertNormalizer {
  override normalize(text: string): string {
    const { clean_text, handle_chinese_chars, lowercase, strip_accents } = this.config;
    if (PLAIN.test(text)) return lowercase ? text.toLowerCase() : text;
    let result = text;
    if (clean_text) result = result.replace(CONTROLS, '').replace(WHITE_SPACES, ' ');
    if (handle_chinese_chars) result = result.replace(IDEOGRAPH, ' $& ');
    if (strip_accents ?? lowercase) result = decompose(result).replace(MARKS, '');
    return lowercase ? result.replaceAll('Σ', 'σ').toLowerCase() : result;
  }
}

/** Words are separated by white space; a punctuation character is a word. */
class RustBertPreTokenizer extends BertPreTokenizer {
  override pre_tokenize_text(text: string): string[] {
    return text.match(WORDS) ?? [];
  }
}

function decompose(text: string): string {
  if (!HAS_NOT_DECOMPOSED.test(text)) return text.normalize('NFD');
  return text.replace(DECOMPOSED, (part) => part.normalize('NFD'));
}

/** Exchanges those parts of a tokenizer whose results differ from the Rust library's: BERT's normaliser and words, byte-level words. */
export function matchRust(tokenizer: Tokenizer): void {
  const { normalizer, pre_tokenizer: preTokenizer } = tokenizer;
  if (normalizer instanceof BertNormalizer) tokenizer.normalizer = new RustBertNormalizer(normalizer.config);
  if (preTokenizer instanceof BertPreTokenizer) tokenizer.pre_tokenizer = new RustBertPreTokenizer();
  if (preTokenizer instanceof ByteLevelPreTokenizer) preTokenizer.pattern = BYTE_LEVEL_WORDS;
}
