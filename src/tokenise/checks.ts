/**
 * What is asked of a tokenizer.json before the library takes it: it keeps tokens in an array by id, so an id of 2³¹ is an
 * array of that length.
 */
import { shown, type Json } from '../files/json-file.ts';
import { isObject } from '../vocabulary/check.ts';

/** Tokens that a vocabulary has at most, and above all their ids: many times the largest published one. */
const MOST_TOKENS = 2 ** 21;

/**
 * Checks the ids of the vocabulary and of the added tokens.
 * @throws Error in words for a person, with the field
 */
export function requireSoundIds(tokenizer: Json): void {
  const { model, added_tokens: added } = tokenizer;
  if (!isObject(model)) throw new Error(`"model" is ${shown(model)}, expected an object`);
  requireVocabulary(model['vocab']);
  requireAddedTokens(added);
}

function requireVocabulary(vocab: unknown): void {
  if (Array.isArray(vocab)) {
    requireCount(vocab.length, 'model.vocab');
    vocab.forEach((entry: unknown, i) => {
      if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'number') {
        throw new Error(`"model.vocab[${i}]" is ${shown(entry)}, expected a token and its score`);
      }
    });
    return;
  }
  if (!isObject(vocab)) throw new Error(`"model.vocab" is ${shown(vocab)}, expected tokens and their ids`);
  const entries = Object.entries(vocab);
  requireCount(entries.length, 'model.vocab');
  for (const [token, id] of entries) requireId(id, `model.vocab[${shown(token)}]`);
}

function requireAddedTokens(added: unknown): void {
  if (!Array.isArray(added)) throw new Error(`"added_tokens" is ${shown(added)}, expected a list`);
  requireCount(added.length, 'added_tokens');
  const ids = new Set<unknown>();
  const contents = new Set<unknown>();
  added.forEach((token: unknown, i) => {
    if (!isObject(token)) throw new Error(`"added_tokens[${i}]" is ${shown(token)}, expected an object`);
    const { id, content } = token;
    requireId(id, `added_tokens[${i}].id`);
    if (ids.has(id)) throw new Error(`"added_tokens[${i}].id" is ${shown(id)}, as is that of another added token`);
    if (typeof content !== 'string' || content === '' || contents.has(content)) {
      throw new Error(`"added_tokens[${i}].content" is ${shown(content)}, expected a text of its own`);
    }
    ids.add(id);
    contents.add(content);
  });
}

function requireCount(n: number, what: string): void {
  if (n > MOST_TOKENS) throw new Error(`"${what}" has ${n} tokens, at most ${MOST_TOKENS} are read`);
}

/** Checks that a value is the id of a token; `what` names it in the message. */
export function requireId(id: unknown, what: string, below = MOST_TOKENS): asserts id is number {
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= below) {
    throw new Error(`"${what}" is ${shown(id)}, expected a whole number from 0, below ${below}`);
  }
}
