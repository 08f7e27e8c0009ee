/** Words that are shared by all product types. Brands are invented. */

interface Wording {
  /** As sellers write it. */
  readonly sells: readonly string[];
  /** As shoppers write it. */
  readonly asks: readonly string[];
}

const COLOURS = {
  black: { sells: ['Black', 'Matte Black', 'Jet Black'], asks: ['black'] },
  white: { sells: ['White', 'Ivory White', 'Snow'], asks: ['white'] },
  gray: { sells: ['Gray', 'Grey', 'Charcoal', 'Slate'], asks: ['gray', 'grey'] },
  beige: { sells: ['Beige', 'Cream', 'Tan', 'Sand'], asks: ['beige', 'cream colored'] },
  brown: { sells: ['Brown', 'Walnut', 'Espresso', 'Chocolate'], asks: ['brown'] },
  navy: { sells: ['Navy', 'Navy Blue', 'Midnight Blue'], asks: ['navy', 'dark blue'] },
  blue: { sells: ['Sky Blue', 'Light Blue', 'Baby Blue'], asks: ['light blue', 'pale blue'] },
  green: { sells: ['Green', 'Sage Green', 'Olive', 'Forest Green'], asks: ['green'] },
  red: { sells: ['Red', 'Burgundy', 'Wine Red'], asks: ['red'] },
  pink: { sells: ['Pink', 'Blush', 'Rose Pink'], asks: ['pink'] },
  purple: { sells: ['Purple', 'Lavender Purple', 'Plum'], asks: ['purple'] },
  yellow: { sells: ['Yellow', 'Mustard', 'Lemon Yellow'], asks: ['yellow'] },
  teal: { sells: ['Teal', 'Turquoise', 'Aqua'], asks: ['teal', 'turquoise'] },
  orange: { sells: ['Orange', 'Burnt Orange', 'Rust'], asks: ['orange'] },
} as const satisfies Record<string, Wording>;

export type Colour = keyof typeof COLOURS;

export const PALETTES = {
  home: ['black', 'white', 'gray', 'beige', 'brown', 'navy', 'green', 'red', 'teal', 'yellow'],
  wear: ['black', 'white', 'gray', 'navy', 'blue', 'green', 'red', 'pink', 'purple', 'teal', 'orange'],
  gear: ['black', 'white', 'gray', 'navy', 'blue', 'green', 'red', 'pink'],
} as const satisfies Record<string, readonly Colour[]>;

export const colourWords = (colour: string): Wording => COLOURS[colour as Colour];

/** How shoppers call a material; its own name where nothing is listed. */
const MATERIAL_ASKS: Readonly<Record<string, readonly string[]>> = {
  'Stainless Steel': ['stainless steel', 'steel', 'metal'],
  'Faux Leather': ['faux leather', 'vegan leather', 'pleather'],
  Wood: ['wood', 'wooden'],
  Aluminum: ['aluminum', 'aluminium'],
  'Tempered Glass': ['tempered glass', 'glass'],
  Wool: ['wool', 'woolen'],
  Down: ['down', 'feather filled'],
};

export function materialAsks(material: string): readonly string[] {
  return MATERIAL_ASKS[material] ?? [material.toLowerCase()];
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
  if (wording === undefined) return [side === 'sells' ? size : size.toLowerCase()];
  return wording[side].flatMap((u) =>
    /^["-]/.test(u) ? [`${number}${u}`] : [`${number} ${u}`, `${number}${u.length < 3 ? u : ` ${u}`}`],
  );
}

/** Brands by the splits in which they occur. */
export const BRANDS = {
  train:
    'Norvane Kestrix Bramlo Oakvire Tindara Hartwynn Zolva Quillmar Fennick Domavi Lumbrix Castira Pelmor Juniva Rockveil Solenti Brinova Tarnwick Kipsora Drennic Yalvo Harvessa Mintora Corvanta Eastrill Plumbeck'.split(
      ' ',
    ),
  dev: 'Calloro Estrane Mirvale Oswella Tandrix Belloway Fernio Crastov'.split(' '),
  test: 'Bexaro Tolvane Wrenlow Fablio Noxley Ambrill Peltano Quenby Rivanto Hollmere Sarvix Ulmera Dovetta Glenvar Ishtane Jorvio Laventis Orbelle Pinnoro Skelvar Tessavo Vermilo Winslane Yovane'.split(
    ' ',
  ),
  every: 'Vantrel Loomera Grandux Simplora Nextovia Trueholm Zenmark Urbanfell Homevio Everpine Kindlo Maxterra'.split(
    ' ',
  ),
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
