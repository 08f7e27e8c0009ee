import { MEASURES, measureFamily } from './measures.ts';

/** A measure to compute: with its parameters, ascending; `gains` replaces relevances by gains (ndcg only). */
export interface SelectedMeasure {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly gains?: ReadonlyMap<number, number>;
  /** The parameters as the person wrote them, for the printed name of a measure with gains. */
  readonly gainsText?: string;
}

/** A `-m` value that names no measure, or whose parameters make no sense. */
export interface SelectionProblem {
  readonly found: string;
  readonly expected: string;
}

/** Sets of measures with a name of their own, as in trec_eval. */
export const NICKNAMES = {
  official: [
    'num_q',
    'num_ret',
    'num_rel',
    'num_rel_ret',
    'map',
    'gm_map',
    'Rprec',
    'bpref',
    'recip_rank',
    'iprec_at_recall',
    'P',
  ],
  all_trec: Object.keys(MEASURES),
} as const satisfies Record<string, readonly string[]>;

/** What trec_eval's `all_trec` has and ours leaves out. */
export const NOT_IMPLEMENTED =
  'infAP, G, binG, Rndcg, ndcg_rel, relstring, relative_P, set_relative_P, utility, Rprec_mult, num_nonrel_judged_ret';

/**
 * Reads `-m` values: a measure (`map`), a family with its default parameters (`P`), with parameters (`ndcg_cut.5,10`), one
 * value's printed name (`P_5`), gains (`ndcg.1=0.5,2=3`) or a nickname (`official`). The result is in print order; the
 * parameters of a family that is named more than once are united.
 */
export function selectMeasures(texts: readonly string[]): SelectedMeasure[] | SelectionProblem {
  const selected = new Map<string, SelectedMeasure>();
  for (const text of texts) {
    if (Object.hasOwn(NICKNAMES, text)) {
      for (const name of NICKNAMES[text as keyof typeof NICKNAMES]) add(selected, { name, parameters: [] });
      continue;
    }
    const measure = parseMeasure(text);
    if ('found' in measure) return measure;
    add(selected, measure);
  }
  return Object.entries(MEASURES)
    .map(([name, family]) => {
      const measure = selected.get(name);
      if (measure === undefined || family.parameter === 'none' || measure.parameters.length > 0) return measure;
      return { ...measure, parameters: family.defaults };
    })
    .filter((measure) => measure !== undefined);
}

function add(selected: Map<string, SelectedMeasure>, measure: SelectedMeasure): void {
  const parameters = [...(selected.get(measure.name)?.parameters ?? []), ...measure.parameters];
  selected.set(measure.name, {
    ...measure,
    parameters: [...new Set(parameters)].sort((a, b) => a - b),
  });
}

function parseMeasure(text: string): SelectedMeasure | SelectionProblem {
  const [name, parameterText] = splitName(text);
  const family = measureFamily(name);
  if (family === undefined) {
    return { found: text, expected: `one of ${[...Object.keys(NICKNAMES), ...Object.keys(MEASURES)].join(', ')}` };
  }
  if (parameterText === undefined) return { name, parameters: [] };
  if (name === 'ndcg') return parseGains(text, parameterText);
  if (family.parameter === 'none') return { found: text, expected: `${name} without parameters` };
  const parameters = parameterText.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isValid =
    family.parameter === 'cutoff'
      ? parameters.every((value) => Number.isSafeInteger(value) && value > 0)
      : parameters.every((value) => value >= 0 && value <= 1);
  if (!isValid || new Set(parameters).size < parameters.length) {
    const kind = family.parameter === 'cutoff' ? 'positive whole numbers' : 'numbers from 0 to 1';
    return {
      found: text,
      expected: `${name}. and ${kind}, each once, such as ${name}.${family.defaults.slice(0, 3).join(',')}`,
    };
  }
  return { name, parameters };
}

/** `P.5,10` → P and 5,10; also the printed name of a single value, `P_5`. A measure's own name wins (`ndcg_cut`). */
function splitName(text: string): [name: string, parameters: string | undefined] {
  if (measureFamily(text) !== undefined) return [text, undefined];
  const dot = text.indexOf('.');
  if (dot > 0 && measureFamily(text.slice(0, dot)) !== undefined) return [text.slice(0, dot), text.slice(dot + 1)];
  const underscore = text.lastIndexOf('_');
  return underscore > 0 ? [text.slice(0, underscore), text.slice(underscore + 1)] : [text, undefined];
}

function parseGains(text: string, parameterText: string): SelectedMeasure | SelectionProblem {
  const gains = new Map<number, number>();
  for (const pair of parameterText.split(',')) {
    const match = /^(\d+)=([-+]?[\d.]+(?:e[-+]?\d+)?)$/i.exec(pair);
    const gain = Number(match?.[2]);
    if (match === null || Number.isNaN(gain)) {
      return { found: text, expected: 'ndcg. and pairs of relevance=gain, such as ndcg.1=0.5,2=3' };
    }
    // trec_eval keeps gains as 32-bit floats.
    gains.set(Number(match[1]), Math.fround(gain));
  }
  return { name: 'ndcg', parameters: [], gains, gainsText: parameterText };
}
