import type { Label } from '../../src/vocabulary/label.ts';
import type { Role } from './kind.ts';
import { fulfils } from './product.ts';
import type { Item, Wish } from './product.ts';

/** What a shopper wants: a product type and wishes that a product should fulfil. */
export interface Need {
  readonly family: number;
  readonly role: Role;
  readonly wishes: readonly Wish[];
}

/** Label of a product of another type of the same family, by the type that is asked for and the product's type. */
const ACROSS: Readonly<Record<Role, Readonly<Partial<Record<Role, Label>>>>> = {
  main: { substitute: 'S', accessory: 'C' },
  substitute: { main: 'S', accessory: 'C' },
  accessory: { main: 'C', substitute: 'C' },
  lookalike: {},
};

/**
 * The label by ESCI's definitions (Reddy et al. 2022): Exact fulfils every wish of the query; Substitute misses some of
 * them but can be used instead; Complement is used together with what is asked for; Irrelevant is another thing, or
 * misses what is central, here the device that it has to fit.
 */
export function labelOf(need: Need, item: Item): Label {
  if (item.family !== need.family) return 'I';
  const isMisfit = need.wishes.some((w) => w.facet === 'fits' && item.kind.fits !== undefined && !fulfils(item, w));
  if (isMisfit) return 'I';
  if (item.role !== need.role) return ACROSS[need.role][item.role] ?? 'I';
  return need.wishes.every((wish) => fulfils(item, wish)) ? 'E' : 'S';
}
