/** Words that are shared by all product types. Brands are invented. */

interface Wording {
  /** As sellers write it. */
  readonly sells: readonly string[];
  /** As shoppers write it. */
  readonly asks: readonly string[];
}

const COLOURS = {
  black: { sells: ['Black', 'Matte Black', 'Jet Black'], asks: ['black'] },
  white: { sells: ['White', 'Ivory', 'Snow White'], asks: ['white'] },
  gray: { sells: ['Gray', 'Grey', 'Charcoal', 'Slate'], asks: ['gray', 'grey'] },
  beige: { sells: ['Beige', 'Cream', 'Tan', 'Sand'], asks: ['beige', 'cream colored'] },
  brown: { sells: ['Brown', 'Walnut', 'Espresso', 'Chocolate'], asks: ['brown'] },
  navy: { sells: ['Navy', 'Navy Blue', 'Midnight Blue'], asks: ['navy', 'dark blue'] },
  blue: { sells: ['Sky Blue', 'Light Blue', 'Baby Blue'], asks: ['light blue', 'pale blue'] },
  green: { sells: ['Green', 'Sage', 'Olive', 'Emerald'], asks: ['green'] },
  red: { sells: ['Red', 'Burgundy', 'Crimson'], asks: ['red'] },
  pink: { sells: ['Pink', 'Blush', 'Rose'], asks: ['pink'] },
  purple: { sells: ['Purple', 'Violet', 'Plum'], asks: ['purple'] },
  yellow: { sells: ['Yellow', 'Mustard', 'Golden'], asks: ['yellow'] },
  teal: { sells: ['Teal', 'Turquoise', 'Aqua'], asks: ['teal', 'turquoise'] },
  orange: { sells: ['Orange', 'Tangerine', 'Rust'], asks: ['orange'] },
} as const satisfies Record<string, Wording>;

export type Colour = keyof typeof COLOURS;

export const PALETTES = {
  home: ['black', 'white', 'gray', 'beige', 'brown', 'navy', 'green', 'red', 'teal', 'yellow'],
  wear: ['black', 'white', 'gray', 'navy', 'blue', 'green', 'red', 'pink', 'purple', 'teal', 'orange'],
  gear: ['black', 'white', 'gray', 'navy', 'blue', 'green', 'red', 'pink'],
} as const satisfies Record<string, readonly Colour[]>;

export const colourWords = (colour: string): Wording => COLOURS[colour as Colour];

/** How shoppers call a material or a feature, where that is not only its own name. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'Stainless Steel': ['stainless steel', 'stainless'],
  'Faux Leather': ['faux leather', 'vegan leather', 'pleather'],
  Leather: ['leather', 'cowhide'],
  Wood: ['wood', 'wooden', 'timber'],
  Aluminum: ['aluminum', 'aluminium'],
  'Tempered Glass': ['tempered glass', 'toughened glass'],
  Silicone: ['silicone', 'silicon'],
  Velvet: ['velvet', 'velour'],
  Linen: ['linen', 'flax'],
  Fleece: ['fleece', 'fleecy'],
  Wool: ['wool', 'woolen'],
  Down: ['down', 'feather filled'],
  Ceramic: ['ceramic', 'porcelain'],
  Wheels: ['wheels', 'casters'],
  Lid: ['lid', 'top'],
  Handle: ['handle', 'grip'],
  Zipper: ['zipper', 'zip'],
  Pockets: ['pockets', 'compartments'],
  Remote: ['remote', 'remote control'],
  'USB Port': ['usb port', 'usb charging'],
  Case: ['case', 'carry case'],
  'Gift Box': ['gift box', 'gift packaging'],
  'LED Light': ['led light', 'built in light'],
  Speakers: ['speakers', 'built in audio'],
  Webcam: ['webcam', 'camera'],
  Scoop: ['scoop', 'shovel'],
  Nozzle: ['nozzle', 'sprayer'],
  'Gig Bag': ['gig bag', 'soft case'],
};

/** How shoppers call a material or a feature. */
export function asksFor(name: string): readonly string[] {
  return OTHER_NAMES[name] ?? [name];
}

/** Sizes without a number, and packs, in shoppers' words. */
const IN_WORDS: Readonly<Record<string, readonly string[]>> = {
  Small: ['small', 'size s'],
  Medium: ['medium', 'size m'],
  Large: ['large', 'size l'],
  'X-Large': ['xl', 'extra large'],
  King: ['king', 'king size'],
  2: ['2', 'two'],
  3: ['3', 'three'],
  4: ['4', 'four'],
  5: ['5', 'five'],
  6: ['6', 'half dozen', 'six'],
  12: ['12', 'dozen'],
  24: ['24', 'two dozen'],
  100: ['100', 'hundred'],
};

/** A number of pieces as shoppers write it. */
export function countAsks(count: string): readonly string[] {
  return IN_WORDS[count] ?? [count];
}

/** How a unit is written; sizes without a unit (`Queen`) are written as they are. */
const UNITS: Readonly<Record<string, Wording>> = {
  oz: { sells: ['oz', 'Oz', 'Ounce', 'oz.'], asks: ['oz', 'ounce'] },
  ml: { sells: ['ml', 'mL'], asks: ['ml'] },
  liter: { sells: ['L', 'Liter'], asks: ['liter', 'l'] },
  gal: { sells: ['Gallon', 'Gal'], asks: ['gallon'] },
  lb: { sells: ['lb', 'lbs', 'Pounds'], asks: ['lb', 'pound', 'lbs'] },
  kg: { sells: ['kg', 'Kilograms'], asks: ['kg'] },
  inch: { sells: ['Inch', 'in', '"', '-Inch'], asks: ['inch', 'in', '"'] },
  cm: { sells: ['cm', 'Centimeters'], asks: ['cm'] },
  mm: { sells: ['mm'], asks: ['mm'] },
  ft: { sells: ['ft', 'Feet', 'Foot', 'FT'], asks: ['ft', 'foot', 'feet'] },
  m: { sells: ['m', 'Meter'], asks: ['meter', 'm'] },
  W: { sells: ['W', 'Watt', 'Watts'], asks: ['w', 'watt'] },
  V: { sells: ['V', 'Volt'], asks: ['v', 'volt'] },
  cup: { sells: ['Cup', 'Cups'], asks: ['cup'] },
  hour: { sells: ['Hours Playtime', 'Hour Battery', 'H Playback'], asks: ['hour', 'hours'] },
  day: { sells: ['Days Battery Life', 'Day Charge'], asks: ['day', 'days'] },
  tier: { sells: ['Tier', 'Tiers'], asks: ['tier', 'shelf'] },
  person: { sells: ['Person', 'Man'], asks: ['person', 'man'] },
};

/** A size as written in a title or in a query. */
export function sizeSpellings(size: string, side: 'sells' | 'asks'): readonly string[] {
  const [number = '', unit = ''] = size.split(' ');
  const wording = UNITS[unit];
  if (wording === undefined) return side === 'sells' ? [size] : (IN_WORDS[size] ?? [size]);
  return wording[side].flatMap((u) => {
    if (/^["-]/.test(u)) return [`${number}${u}`];
    if (u.length > 2) return [`${number} ${u}`];
    return side === 'sells' ? [`${number} ${u}`, `${number}${u}`] : [`${number}${u}`];
  });
}

/** Brands by the splits in which they occur. */
export const BRANDS = {
  train: words(
    'Norvane Kestrix Bramlo Oakvire Tindara Hartwynn Zolva Quillmar Fennick Domavi Lumbrix Castira Pelmor Juniva Rockveil Solenti Brinova Tarnwick Kipsora Drennic Yalvo Harvessa Mintora Corvanta Eastrill Plumbeck',
  ),
  dev: words('Calloro Estrane Mirvale Oswella Tandrix Belloway Fernio Crastov'),
  test: words(
    'Bexaro Tolvane Wrenlow Fablio Noxley Ambrill Peltano Quenby Rivanto Hollmere Sarvix Ulmera Dovetta Glenvar Ishtane Jorvio Laventis Orbelle Pinnoro Skelvar Tessavo Vermilo Winslane Yovane',
  ),
  every: words('Vantrel Loomera Grandux Simplora Nextovia Trueholm Zenmark Urbanfell Homevio Everpine Kindlo Maxterra'),
} as const;

/** What sellers add to please a search engine. */
export const PRAISE = [
  'Premium',
  'Heavy Duty',
  'Upgraded',
  'Professional',
  'Deluxe',
  'Durable',
  'Top Rated',
  'Multi Purpose',
  'Classic',
  'Modern',
  'Improved Version',
  'High Quality',
  'New Release',
  'Best Seller',
];
export const TAILS = [
  'Great Gift for Men and Women',
  'Perfect for Home & Office',
  'for Travel, Dorm & Everyday Use',
  'Gifts for Mom Dad Birthday Christmas',
  'Easy to Clean',
  'Money Back Guarantee',
  'for Indoor and Outdoor',
  'Designed in USA',
  'Fast Setup',
  'Ideal for Beginners',
  '2023 Edition',
  'Family Favorite',
  'Ships in Plain Packaging',
  'Satisfaction Guaranteed',
];

function words(text: string): readonly string[] {
  return text.split(' ');
}
