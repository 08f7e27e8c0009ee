/** What checks say, and the types that follow from them. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  checked,
  count,
  finite,
  flag,
  formatWrongs,
  list,
  literal,
  mapOf,
  object,
  oneOf,
  optional,
  orNull,
  orUndefined,
  recordOf,
  text,
  union,
} from '../../../src/vocabulary/check.ts';
import type { Check, Infer } from '../../../src/vocabulary/check.ts';

const circle = object({ kind: literal('circle'), radius: finite, label: optional(text) });
const square = object({ kind: literal('square'), corners: list(list(finite, 2)), isFilled: flag });
const shape = union('kind', [circle, square]);

const wrongsOf = (check: Check, value: unknown): string => formatWrongs(check(value, ''));

describe('a type follows from its check', () => {
  it('of an object, whose optional fields are optional', () => {
    expectTypeOf<Infer<typeof circle>>().toEqualTypeOf<{
      readonly kind: 'circle';
      readonly radius: number;
      readonly label?: string;
    }>();
  });

  it('of lists, pairs, maps, records and alternatives', () => {
    const all = object({
      pairs: list(list(finite, 2)),
      byName: mapOf(orNull(count)),
      bySide: recordOf(['left', 'right'], text),
      colour: oneOf(['red', 'green']),
      last: orUndefined(count),
    });
    expectTypeOf<Infer<typeof all>>().toEqualTypeOf<{
      readonly pairs: readonly (readonly [number, number])[];
      readonly byName: Readonly<Record<string, number | null>>;
      readonly bySide: Readonly<Record<'left' | 'right', string>>;
      readonly colour: 'red' | 'green';
      readonly last: number | undefined;
    }>();
    expect(
      wrongsOf(all, { pairs: [[0, 1]], byName: { a: null }, bySide: { left: '', right: '' }, colour: 'red' }),
    ).toBe('');
  });

  it('of a union, which its literal narrows', () => {
    const area = (of: Infer<typeof shape>): number => (of.kind === 'circle' ? of.radius : of.corners.length);
    expect(area({ kind: 'circle', radius: 2 })).toBe(2);
  });

  it('and a check of another type is no check of this one', () => {
    // @ts-expect-error: `radius` is a text here.
    const wrong: Check<Infer<typeof circle>> = object({ kind: literal('circle'), radius: text });
    expect(wrongsOf(wrong, { kind: 'circle', radius: 1 })).toContain('radius');
  });
});

describe('a union', () => {
  it('takes each of its objects', () => {
    expect(wrongsOf(shape, { kind: 'circle', radius: 1 })).toBe('');
    expect(wrongsOf(shape, { kind: 'square', corners: [[0, 1]], isFilled: true })).toBe('');
  });

  it.each([
    [null, 'found null, expected an object'],
    [{ kind: 'line' }, 'kind: found "line", expected one of circle, square'],
    [{ kind: 'constructor' }, 'kind: found "constructor", expected one of circle, square'],
    [{}, 'kind: found nothing, expected one of circle, square'],
    [{ kind: 'circle', label: 1 }, 'radius: found nothing, expected a finite number; label: found 1, expected a text'],
    [{ kind: 'square', corners: [[0]], isFilled: true }, 'corners[0]: found a list of 1, expected a list of 2'],
  ])('says what is wrong with %j', (value, words) => {
    expect(wrongsOf(shape, value)).toBe(words);
  });
});

it('a record asks for each of its keys', () => {
  expect(wrongsOf(recordOf(['left', 'right'], text), { left: 'a', up: 1 })).toBe(
    'right: found nothing, expected a text',
  );
});

it('a value from outside is taken only when it is not nested too deep', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 40; i++) deep = [deep];
  expect(checked(circle, { kind: 'circle', radius: 1, more: [1] })).toMatchObject({ ok: true });
  expect(checked(circle, { kind: 'circle', radius: 1, more: deep })).toMatchObject({ ok: false });
});
