import type { TrecEvaluation } from './evaluate.ts';

export interface PrintOptions {
  /** Lines for every query before the summary (trec_eval's -q). */
  readonly isPerQuery?: boolean;
  /** Without the summary (trec_eval's -n). */
  readonly isWithoutSummary?: boolean;
  /** Whether the summary begins with the run's tag, as it does for nicknames such as `official`. */
  readonly hasTag?: boolean;
}

/** The evaluation as trec_eval prints it: `measure<TAB>query<TAB>value`, the measure padded to 22 characters. */
export function printTrec(evaluation: TrecEvaluation, options: PrintOptions = {}): string {
  const lines: string[] = [];
  const add = (name: string, query: string, value: string) => lines.push(`${name.padEnd(22)}\t${query}\t${value}\n`);
  if (options.isPerQuery) {
    evaluation.queryIds.forEach((id, query) => {
      for (const { name, family, values } of evaluation.columns) {
        if (family.isPerQuery) add(name, id, printValue(values[query]!, family.isCount));
      }
    });
  }
  if (!options.isWithoutSummary) {
    if (options.hasTag) add('runid', 'all', evaluation.tag);
    for (const { name, family, summary } of evaluation.columns) add(name, 'all', printValue(summary, family.isCount));
  }
  return lines.join('');
}

/** A count as a whole number, anything else as C's `%6.4f`. */
export function printValue(value: number, isCount: boolean): string {
  return isCount ? String(Math.trunc(value)) : fourDecimals(value).padStart(6);
}

/** C rounds a value halfway between two neighbours to the even one, `toFixed` away from zero; only odd multiples of 1/32 are halfway. */
function fourDecimals(value: number): string {
  const halves = Math.abs(value * 32);
  if (halves % 2 !== 1) return value.toFixed(4);
  const below = Math.floor(Math.abs(value) * 1e4);
  const even = below % 2 === 0 ? below : below + 1;
  return (value < 0 ? '-' : '') + (even / 1e4).toFixed(4);
}
