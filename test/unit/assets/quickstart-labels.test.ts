import { expect, test } from 'vitest';
import { testFamilies } from '../../../scripts/quickstart/families-test.ts';
import type { Role } from '../../../scripts/quickstart/kind.ts';
import { labelOf } from '../../../scripts/quickstart/label.ts';
import type { Item, Wish } from '../../../scripts/quickstart/product.ts';

const [phoneCases] = testFamilies;
const iphone13: Wish = { facet: 'fits', value: 'iPhone 13', negated: false };
const noStand: Wish = { facet: 'feature', value: 'Kickstand', negated: true };
const black: Wish = { facet: 'colour', value: 'black', negated: false };
const brand: Wish = { facet: 'brand', value: 'Noxley', negated: false };

function item(role: Role, values: Item['values'], features: readonly string[] = [], family = 0): Item {
  return { family, role, kind: phoneCases![role], main: phoneCases!.main, values, features };
}

function label(wishes: readonly Wish[], product: Item) {
  return labelOf({ family: 0, role: 'main', wishes }, product);
}

test.each([
  ['all wishes fulfilled', [black, noStand], item('main', { colour: 'black' }), 'E'],
  ['another colour', [black], item('main', { colour: 'red' }), 'S'],
  ['another brand', [brand], item('main', { brand: 'Vantrel' }), 'S'],
  ['has what should not be there', [noStand], item('main', {}, ['Kickstand']), 'S'],
  ['made for another device', [iphone13, black], item('main', { fits: 'iPhone 12', colour: 'black' }), 'I'],
  ['the accessory', [iphone13], item('accessory', { fits: 'iPhone 13' }), 'C'],
  ['the accessory of another device', [iphone13], item('accessory', { fits: 'iPhone 14' }), 'I'],
  ['another type that does the job', [black], item('substitute', { colour: 'black' }), 'S'],
  ['a type that only shares a word', [black], item('lookalike', { colour: 'black' }), 'I'],
  ['a product of elsewhere', [black], item('main', { colour: 'black' }, [], 1), 'I'],
] as const)('%s', (_, wishes, product, expected) => {
  expect(label(wishes, product)).toBe(expected);
});

test('what is accessory to what depends on the query', () => {
  const needAccessory = { family: 0, role: 'accessory', wishes: [] } as const;
  expect(labelOf(needAccessory, item('accessory', {}))).toBe('E');
  expect(labelOf(needAccessory, item('main', {}))).toBe('C');
});
