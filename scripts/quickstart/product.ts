import type { Feature, Kind, Role } from './kind.ts';
import type { Draw } from './random.ts';
import { PALETTES } from './vocabulary.ts';

/** Facets in which products differ and for which shoppers ask. */
export const FACETS = ['brand', 'colour', 'material', 'size', 'count', 'fits', 'feature'] as const;
export type Facet = (typeof FACETS)[number];

/** One wish of a query. `negated`: the product must not have it ("without a lid", "not plastic"). */
export interface Wish {
  readonly facet: Facet;
  readonly value: string;
  readonly negated: boolean;
}

/** A product of a family; what it has, by facet: one value of each, any number of features. */
export interface Item {
  readonly family: number;
  readonly role: Role;
  readonly kind: Kind;
  /** The main product type of its family. */
  readonly main: Kind;
  readonly values: Readonly<Partial<Record<Facet, string>>>;
  readonly features: readonly string[];
}

export const asFeature = (feature: string | Feature): Feature =>
  typeof feature === 'string' ? { name: feature, present: [`with ${feature}`], absent: [`No ${feature}`] } : feature;

/** The values that a product type offers for a facet. */
export function valuesOf(kind: Kind, facet: Facet, brands: readonly string[]): readonly string[] {
  return {
    brand: brands,
    colour: kind.colours === undefined ? [] : PALETTES[kind.colours],
    material: kind.materials ?? [],
    size: kind.sizes ?? [],
    count: (kind.counts ?? []).map(String),
    fits: kind.fits ?? [],
    feature: (kind.features ?? []).map((f) => asFeature(f).name),
  }[facet];
}

export const fulfils = (item: Pick<Item, 'values' | 'features'>, { facet, value, negated }: Wish): boolean =>
  (facet === 'feature' ? item.features.includes(value) : item.values[facet] === value) !== negated;

/** Random values for all facets of a product type, except that `wishes` come out as `isFulfilled` says, wish by wish. */
export function drawItem(
  place: Omit<Item, 'values' | 'features'>,
  brands: readonly string[],
  wishes: readonly { readonly wish: Wish; readonly isFulfilled: boolean }[],
  draw: Draw,
): Item {
  const values: Partial<Record<Facet, string>> = {};
  const features = new Set<string>();
  for (const facet of FACETS) {
    const offered = valuesOf(place.kind, facet, brands);
    if (offered.length === 0) continue;
    if (facet === 'feature') offered.filter(() => draw.chance(0.35)).forEach((f) => features.add(f));
    else values[facet] = draw.pick(offered);
  }
  for (const { wish, isFulfilled } of wishes) {
    const { facet, value } = wish;
    const shouldHave = wish.negated !== isFulfilled;
    if (facet === 'feature') {
      if (shouldHave) features.add(value);
      else features.delete(value);
    } else if (shouldHave) values[facet] = value;
    else if (values[facet] === value) values[facet] = draw.pick(nearValues(valuesOf(place.kind, facet, brands), value));
  }
  return { ...place, values, features: [...features] };
}

/** Other values than `value`; those with the same number in another unit, where there are any, every second time. */
function nearValues(offered: readonly string[], value: string): readonly string[] {
  const others = offered.filter((v) => v !== value);
  const sameNumber = others.filter((v) => /^\d/.test(v) && v.split(' ')[0] === value.split(' ')[0]);
  return [...others, ...sameNumber.flatMap((v) => others.map(() => v))];
}
