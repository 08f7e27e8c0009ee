import { asFeature } from './product.ts';
import type { Facet, Item, Wish } from './product.ts';
import type { Kind } from './kind.ts';
import type { Draw } from './random.ts';
import { asksFor, colourWords, countAsks, PRAISE, sizeSpellings, TAILS } from './vocabulary.ts';

/** A marketplace title: brand, name and facets in changing order, with the clutter that sellers add. */
export function titleOf(item: Item, draw: Draw): string {
  const { kind, values, features } = item;
  const name = nameOf(item, draw);
  const colour = values.colour === undefined ? '' : draw.pick(colourWords(values.colour).sells);
  const size = values.size === undefined ? '' : draw.pick(sizeSpellings(values.size, 'sells'));
  const fits = values.fits === undefined ? '' : `${draw.pick(['for', 'Compatible with', 'Fits'])} ${values.fits}`;
  const isColourFirst = draw.chance(0.3);
  const isSizeFirst = draw.chance(0.5);
  const head = [
    values.brand,
    draw.chance(0.2) ? modelNumber(draw) : '',
    draw.chance(0.35) ? draw.pick(PRAISE) : '',
    isColourFirst ? colour : '',
    isSizeFirst ? size : '',
    values.material !== undefined && !name.includes(values.material) ? values.material : '',
    name,
    fits,
  ];
  const tail = [
    featuresOf(kind, features, draw),
    ...missing(kind, features, draw),
    draw.chance(0.45) ? draw.pick(TAILS) : '',
    isSizeFirst ? '' : size,
    packOf(Number(values.count ?? 1), draw),
    isColourFirst ? '' : draw.chance(0.5) ? `(${colour})` : colour,
  ];
  const joined = [words(head), ...(draw.chance(0.3) ? draw.shuffled(tail) : tail)].filter(
    (part) => part !== '' && part !== '()',
  );
  return joined.join(draw.pick([', ', ', ', ' - ', ' | ', ' '])).replaceAll(/ \(\)|,? \(\)/g, '');
}

/** The product's name; sellers of accessories add what they go with, under all its names. */
function nameOf({ kind, role, main }: Item, draw: Draw): string {
  const name = draw.pick(kind.sells);
  if (role !== 'accessory' || kind.fits !== undefined || draw.chance(0.2)) return name;
  const other = draw.pick([...main.sells, ...main.asks]).replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return `${name} ${draw.pick(kind.pairing ?? ['for', 'for', 'Fits', 'Compatible with'])} ${other}`;
}

/** `with Lid & Straw, Unscented`: the features that are there. */
function featuresOf(kind: Kind, features: readonly string[], draw: Draw): string {
  const phrases = features.map((f) => draw.pick(featureOf(kind, f).present));
  const joined = draw.pick([' & ', ' and ', ', ']);
  return phrases.map((p, i) => (i > 0 && joined !== ', ' ? p.replace(/^with /, '') : p)).join(joined);
}

/** Some sellers say what their product does without. */
function missing(kind: Kind, features: readonly string[], draw: Draw): string[] {
  return (kind.features ?? []).flatMap((feature) => {
    const { name, absent } = asFeature(feature);
    const share = typeof feature === 'string' ? 0.1 : 0.8;
    return !features.includes(name) && draw.chance(share) ? [draw.pick(absent)] : [];
  });
}

function featureOf(kind: Kind, name: string) {
  const found = (kind.features ?? []).map(asFeature).find((f) => f.name === name);
  if (found === undefined) throw new Error(`no feature ${name}`);
  return found;
}

function modelNumber(draw: Draw): string {
  const letter = () => 'ABDEFHKLMNRSTVXZ'[draw.below(16)]!;
  return `${letter()}${letter()}${draw.pick(['-', ''])}${String(100 + draw.below(900))}${draw.chance(0.3) ? letter() : ''}`;
}

function packOf(count: number, draw: Draw): string {
  if (count === 1) return draw.chance(0.1) ? '1 Count' : '';
  return draw.pick([
    `${count} Pack`,
    `Pack of ${count}`,
    `(${count} Pack)`,
    `${count} Count`,
    `Set of ${count}`,
    `${count}pcs`,
  ]);
}

/** Where a wish stands in a query: before or after the product's name. */
interface Phrase {
  readonly text: string;
  readonly isBefore: boolean;
}

/** How shoppers word a wish, by facet. */
const PHRASES: Readonly<Record<Facet, (wish: Wish, kind: Kind, draw: Draw) => Phrase>> = {
  brand: ({ value }) => ({ text: value, isBefore: true }),
  fits: ({ value }, _, draw) =>
    draw.chance(0.5) ? { text: value, isBefore: true } : { text: `for ${value}`, isBefore: false },
  size: ({ value }, _, draw) => ({ text: draw.pick(sizeSpellings(value, 'asks')), isBefore: draw.chance(0.6) }),
  count: ({ value }, _, draw) => {
    const n = draw.pick(countAsks(value));
    return draw.chance(0.4)
      ? { text: draw.pick([`${n} pack`, `set of ${n}`]), isBefore: true }
      : { text: draw.pick([`${n} pack`, `pack of ${n}`, `set of ${n}`]), isBefore: false };
  },
  colour: ({ value, negated }, _, draw) => {
    const word = draw.pick(colourWords(value).asks);
    return negated ? { text: `not ${word}`, isBefore: false } : { text: word, isBefore: draw.chance(0.7) };
  },
  material: ({ value, negated }, _, draw) => {
    const word = draw.pick(asksFor(value));
    if (!negated) return { text: word, isBefore: draw.chance(0.8) };
    return { text: draw.pick([`not ${word}`, `no ${word}`, `without ${word}`]), isBefore: false };
  },
  feature: ({ value, negated }, kind, draw) => {
    const word = draw.pick(asksFor(value));
    if (!negated) return { text: `with ${word}`, isBefore: false };
    const isFree = (kind.features ?? []).some((f) => typeof f !== 'string' && f.name === value);
    if (isFree && draw.chance(0.5)) return { text: `${word} free`, isBefore: true };
    return { text: draw.pick([`without ${word}`, `without ${word}`, `no ${word}`]), isBefore: false };
  },
};

/** A query as shoppers type it, in lower case. */
export function queryOf(kind: Kind, wishes: readonly Wish[], draw: Draw): string {
  const phrases = wishes.map((wish) => PHRASES[wish.facet](wish, kind, draw));
  const texts = (isBefore: boolean) => phrases.filter((p) => p.isBefore === isBefore).map((p) => p.text);
  return words([...texts(true), draw.pick(kind.asks), ...texts(false)]).toLowerCase();
}

const words = (parts: readonly (string | undefined)[]): string =>
  parts.filter((p) => p !== undefined && p !== '').join(' ');
