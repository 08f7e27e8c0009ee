import { LABELS } from '../../src/vocabulary/label.ts';
import type { Label } from '../../src/vocabulary/label.ts';
import { ROLES } from './kind.ts';
import type { Family, Role } from './kind.ts';
import { labelOf } from './label.ts';
import type { Need } from './label.ts';
import { drawItem, FACETS, valuesOf } from './product.ts';
import type { Facet, Item, Wish } from './product.ts';
import type { Draw } from './random.ts';
import { queryOf, titleOf } from './wording.ts';

/** Products judged per query. */
export const N_PRODUCTS = 15;

/** Share of judgements whose label is exchanged for another one: annotators err too. */
export const NOISE = 0.035;

/** Queries per product type of a family. */
export type QueryCounts = Readonly<Record<Role, number>>;

/** How often a facet is what a query is about; the rest of the queries' wishes come on top of it. */
const THEMES: readonly (Facet | 'negation')[] = [
  ...(['negation', 'negation', 'negation', 'negation', 'negation', 'size', 'size', 'size'] as const),
  ...(['brand', 'colour', 'material', 'count', 'count', 'feature'] as const),
];

export interface Product {
  readonly id: string;
  readonly title: string;
  readonly item: Item;
}

export interface BuiltQuery {
  readonly text: string;
  readonly need: Need;
  readonly judgements: readonly { readonly product: Product; readonly label: Label; readonly trueLabel: Label }[];
}

/** All queries of one split with their judged products; `nextId` numbers products across splits. */
export function buildSplit(
  families: readonly Family[],
  nQueries: QueryCounts,
  brandsOf: () => readonly string[],
  draw: Draw,
  nextId: () => string,
): BuiltQuery[] {
  const texts = new Set<string>();
  const drafts: { readonly text: string; readonly need: Need }[] = [];
  const products: Product[] = [];
  const titles = new Set<string>();

  families.forEach((family, index) => {
    const brands = brandsOf();
    for (const role of ROLES) {
      const kind = family[role];
      const place = { family: index, role, kind, main: family.main };
      for (let n = 0; n < nQueries[role]; n++) {
        let wishes: readonly Wish[];
        let text: string;
        do {
          wishes = drawWishes(family[role], brands, draw);
          text = queryOf(kind, wishes, draw);
        } while (texts.has(text));
        texts.add(text);
        drafts.push({ text, need: { family: index, role, wishes } });
        // Five that fulfil all wishes, six that miss one of them.
        for (let i = 0; i < 11; i++) {
          const missed = i < 5 ? -1 : draw.below(wishes.length);
          let title: string;
          let item: Item;
          do {
            item = drawItem(
              place,
              brands,
              wishes.map((wish, w) => ({ wish, isFulfilled: w !== missed })),
              draw,
            );
            title = titleOf(item, draw);
          } while (titles.has(title));
          titles.add(title);
          products.push({ id: nextId(), title, item });
        }
      }
    }
  });

  return drafts.map(({ text, need }) => {
    const judgements = draw.shuffled(judged(need, products, draw)).map((product) => {
      const trueLabel = labelOf(need, product.item);
      const label = draw.chance(NOISE) ? draw.pick(LABELS.filter((l) => l !== trueLabel)) : trueLabel;
      return { product, label, trueLabel };
    });
    return { text, need, judgements };
  });
}

/** One to three wishes, at most one of them negated, of different facets that the product type has. */
function drawWishes(kind: Family['main'], brands: readonly string[], draw: Draw): Wish[] {
  const offers = (facet: Facet) => valuesOf(kind, facet, brands).filter((v) => facet !== 'count' || v !== '1');
  const wishes: Wish[] = [];
  if (offers('fits').length > 0) wishes.push({ facet: 'fits', value: draw.pick(offers('fits')), negated: false });
  const nWishes = draw.pick([1, 1, 2, 2, 3]);
  for (let attempt = 0; wishes.length < nWishes && (attempt < 20 || wishes.length === 0); attempt++) {
    const theme = draw.pick(THEMES);
    const facet = theme === 'negation' ? draw.pick(['feature', 'material', 'colour'] as const) : theme;
    const values = offers(facet);
    if (values.length < 2 || wishes.some((w) => w.facet === facet)) continue;
    if (theme === 'negation' && wishes.some((w) => w.negated)) continue;
    wishes.push({ facet, value: draw.pick(values), negated: theme === 'negation' });
  }
  return wishes.sort((a, b) => FACETS.indexOf(b.facet) - FACETS.indexOf(a.facet));
}

/** The products of a query: a drawn number of each label from its own family, the rest from other families. */
function judged(need: Need, products: readonly Product[], draw: Draw): Product[] {
  const near = draw.shuffled(products.filter((p) => p.item.family === need.family));
  const far = draw.shuffled(products.filter((p) => p.item.family !== need.family));
  const wanted: readonly (readonly [Label, number])[] = [
    ['E', 4 + draw.below(2)],
    ['S', 5 + draw.below(2)],
    ['C', 2 + draw.below(2)],
    ['I', 2],
  ];
  const chosen = wanted.flatMap(([label, n]) => near.filter((p) => labelOf(need, p.item) === label).slice(0, n));
  return [...chosen, ...far].slice(0, N_PRODUCTS);
}
