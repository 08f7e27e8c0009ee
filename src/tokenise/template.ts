import { shown, type Json } from '../files/json-file.ts';
import { isObject } from '../vocabulary/check.ts';
import { ownOf } from '../vocabulary/own.ts';
import { requireId } from './checks.ts';

/** A part of a sequence: the tokens of the first (0) or second (1) text, or one special token. */
export type Piece =
  | { readonly kind: 'text'; readonly index: 0 | 1; readonly typeId: number }
  | { readonly kind: 'special'; readonly id: number; readonly typeId: number };

/** How texts become a sequence: their tokens between special tokens, each part with its token type. */
export interface Template {
  readonly single: readonly Piece[];
  readonly pair: readonly Piece[];
}

/** Kind of post-processor in tokenizer.json → its template; null for kinds that add no special tokens. */
const TEMPLATE_OF: ReadonlyMap<string, (processor: Json) => Template | null> = new Map(
  Object.entries<(processor: Json) => Template | null>({
    TemplateProcessing: ({ single, pair, special_tokens: special }) => {
      const template = { single: piecesOf(single, special), pair: piecesOf(pair, special) };
      requireOnce(template.single, 'single', [0]);
      requireOnce(template.pair, 'pair', [0, 1]);
      return template;
    },
    BertProcessing: (processor) => {
      const [cls, sep] = clsAndSep(processor);
      return {
        single: [token(cls), text(0), token(sep)],
        pair: [token(cls), text(0), token(sep), text(1, 1), token(sep, 1)],
      };
    },
    // RoBERTa has one token type.
    RobertaProcessing: (processor) => {
      const [cls, sep] = clsAndSep(processor);
      return {
        single: [token(cls), text(0), token(sep)],
        pair: [token(cls), text(0), token(sep), token(sep), text(1), token(sep)],
      };
    },
    ByteLevel: () => null,
    Sequence: ({ processors }) =>
      listOf(processors)
        .map(templateOf)
        .find((template) => template !== null) ?? null,
  }),
);

/**
 * The template of tokenizer.json's `post_processor`; null when it adds no special tokens.
 * @throws Error in words for a person, when it is of an unknown kind or shape
 */
export function templateOf(processor: unknown): Template | null {
  if (processor === null || processor === undefined) return null;
  if (!isObject(processor) || typeof processor['type'] !== 'string') throw new Error('post_processor has no type');
  const read = TEMPLATE_OF.get(processor['type']);
  if (read === undefined) {
    throw new Error(
      `post_processor ${shown(processor['type'])} is unknown; known are ${[...TEMPLATE_OF.keys()].join(', ')}`,
    );
  }
  return read(processor);
}

/** The texts and nothing else, as without a post-processor. */
export const PLAIN_TEMPLATE: Template = { single: [text(0)], pair: [text(0), text(1)] };

/** Number of special tokens of a sequence. */
export function nSpecial(pieces: readonly Piece[]): number {
  return pieces.filter(({ kind }) => kind === 'special').length;
}

function text(index: 0 | 1, typeId = 0): Piece {
  return { kind: 'text', index, typeId };
}

function token(id: number, typeId = 0): Piece {
  return { kind: 'special', id, typeId };
}

function piecesOf(value: unknown, special: unknown): Piece[] {
  return listOf(value).flatMap((item): Piece[] => {
    if (!isObject(item)) throw new Error('post_processor has a part that is no object');
    const { Sequence: sequence, SpecialToken: specialToken } = item;
    if (isObject(sequence)) return [text(sequence['id'] === 'B' ? 1 : 0, typeOf(sequence['type_id']))];
    if (!isObject(specialToken)) throw new Error('post_processor has a part that is neither Sequence nor SpecialToken');
    const name = specialToken['id'];
    const entry = isObject(special) && typeof name === 'string' ? ownOf(special, name) : undefined;
    if (!isObject(entry)) throw new Error(`post_processor lacks the ids of ${shown(name)}`);
    return listOf(entry['ids']).map((id) => token(idOf(id), typeOf(specialToken['type_id'])));
  });
}

function clsAndSep(processor: Json): [number, number] {
  return [idOf(listOf(processor['cls'])[1]), idOf(listOf(processor['sep'])[1])];
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('post_processor has something else where a list is expected');
  return value;
}

function idOf(value: unknown): number {
  requireId(value, 'post_processor: id');
  return value;
}

/** Token types are stored in a byte each. */
function typeOf(value: unknown): number {
  requireId(value, 'post_processor: type_id', 256);
  return value;
}

/** A sequence is cut to its length as if each text stood in it once; another pattern would exceed it. */
function requireOnce(pieces: readonly Piece[], what: string, indices: readonly number[]): void {
  const found = pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.index] : []));
  if (found.toSorted().join() !== indices.join()) {
    throw new Error(`post_processor.${what} has ${found.length} texts, expected each of ${indices.length} once`);
  }
}
