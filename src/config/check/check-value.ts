import { findMetric } from '../../metrics/metric-table.ts';
import { nearestName } from '../../metrics/nearest-name.ts';
import type { OptionKind } from '../../vocabulary/option-kind.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { shortened, type ConfigProblemCode } from '../config-problem.ts';
import type {
  ChoiceOption,
  FlagOption,
  NumberOption,
  Option,
  TextOption,
  TextsOption,
} from '../options/option-kinds.ts';

/** What is wrong with a value, or what should be written otherwise. */
export interface ValueFinding {
  readonly severity: 'error' | 'warning';
  readonly code: ConfigProblemCode;
  readonly found: string;
  readonly expected: string;
  readonly suggestion?: string;
  /** YAML text that repairs the value, or the list's item. */
  readonly replacement?: string;
  /** The item of a list that it is about. */
  readonly item?: number;
}

/** The value in the option's type; undefined together with at least one finding of severity error. */
export interface CheckedValue {
  readonly value: unknown;
  readonly findings: readonly ValueFinding[];
}

/** Checks a value from the YAML against its option and converts it (case of names, numbers and flags in quotes). */
export function checkValue(option: Option, value: unknown): CheckedValue {
  if (value === null && 'nullable' in option && option.nullable) return right(null);
  const check = CHECKS[option.kind] as (option: Option, value: unknown) => CheckedValue;
  return check(option, value);
}

/** The name that was probably meant, as `nearestName`; a text of many words is no slip of one. */
export function similarName(found: string, names: readonly string[]): string | undefined {
  return found.length > 60 ? undefined : nearestName(found, names);
}

/** What an option accepts, in words: `a whole number from 1 to 10000`, `one of mean, cls, or null`. */
export function expectedOf(option: Option): string {
  const words = WORDS[option.kind] as (option: Option) => string;
  const orNull = 'nullable' in option && option.nullable ? ', or null' : '';
  return words(option) + orNull;
}

const CHECKS = {
  text: checkText,
  choice: checkChoice,
  number: checkNumber,
  flag: checkFlag,
  texts: checkTexts,
} as const satisfies Record<OptionKind, unknown>;

const WORDS = {
  text: () => 'a text',
  choice: (option: ChoiceOption) =>
    option.values.length === 1 ? option.values[0]! : `one of ${option.values.join(', ')}`,
  number: numberWords,
  flag: () => 'true or false',
  texts: (option: TextsOption) => (option.items === 'metric' ? 'a list of metrics' : 'a list of texts'),
} as const satisfies Record<OptionKind, unknown>;

function checkText(option: TextOption, value: unknown): CheckedValue {
  if (typeof value === 'string' && value.trim() !== '') return right(value);
  // A hub id or folder made of digits is a number to YAML.
  const replacement = typeof value === 'number' ? { replacement: JSON.stringify(String(value)) } : {};
  return wrong({ code: 'wrong-type', found: describe(value), expected: expectedOf(option), ...replacement });
}

function checkChoice(option: ChoiceOption, value: unknown): CheckedValue {
  const expected = expectedOf(option);
  if (typeof value !== 'string') return wrong({ code: 'wrong-type', found: describe(value), expected });
  const folded = foldName(value);
  const match = option.values.find((name) => foldName(name) === folded);
  if (match !== undefined) return right(match);
  const other = ownOf(option.otherNames, folded);
  const near = other ?? similarName(value, option.values);
  return wrong({
    code: 'unknown-value',
    found: describe(value),
    expected,
    ...(near === undefined ? {} : { suggestion: near, replacement: near }),
  });
}

/** A name in lower case without what joins its words. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

/** The digits before and behind the point cannot be split in two ways: a long number is read once. */
const NUMBER_TEXT = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

function checkNumber(option: NumberOption, value: unknown): CheckedValue {
  const expected = expectedOf(option);
  const isQuoted = typeof value === 'string' && NUMBER_TEXT.test(value.trim());
  const number = isQuoted ? Number(value) : value;
  if (typeof number !== 'number') return wrong({ code: 'wrong-type', found: describe(value), expected });
  if (!isInRange(option, number)) return wrong({ code: 'out-of-range', found: describe(number), expected });
  if (!isQuoted) return right(number);
  const quoted: ValueFinding = {
    severity: 'warning',
    code: 'quoted-value',
    found: describe(value),
    expected: 'the number without quotes',
    replacement: value.trim(),
  };
  return { value: number, findings: [quoted] };
}

function isInRange({ isInteger, min, above, max, below, orCount }: NumberOption, n: number): boolean {
  if (!Number.isFinite(n)) return false;
  if (isInteger === true && !Number.isSafeInteger(n)) return false;
  if (orCount === true && n >= 1) return Number.isSafeInteger(n);
  return n >= (min ?? -Infinity) && n > (above ?? -Infinity) && n <= (max ?? Infinity) && n < (below ?? Infinity);
}

function numberWords({ isInteger, min, above, max, below, orCount }: NumberOption): string {
  if (orCount === true) return 'a share between 0 and 1, or a whole number ≥ 1';
  const noun = isInteger === true ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  const bounds = [
    min === undefined ? '' : `≥ ${min}`,
    above === undefined ? '' : `> ${above}`,
    max === undefined ? '' : `≤ ${max}`,
    below === undefined ? '' : `< ${below}`,
  ].filter((bound) => bound !== '');
  return [noun, bounds.join(' and ')].join(' ').trimEnd();
}

const FLAG_TEXTS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['no', false],
  ['off', false],
]);

function checkFlag(option: FlagOption, value: unknown): CheckedValue {
  if (typeof value === 'boolean') return right(value);
  const flag = typeof value === 'string' ? FLAG_TEXTS.get(value.trim().toLowerCase()) : undefined;
  if (flag !== undefined) return right(flag);
  const isBit = value === 0 || value === 1;
  return wrong({
    code: 'wrong-type',
    found: describe(value),
    expected: expectedOf(option),
    ...(isBit ? { suggestion: String(value === 1), replacement: String(value === 1) } : {}),
  });
}

function checkTexts(option: TextsOption, value: unknown): CheckedValue {
  const expected = expectedOf(option);
  if (typeof value === 'string' && /^[\w@.:/-]+(?:\s*,\s*[\w@.:/-]+)*$/.test(value.trim())) {
    // Names without brackets are clear enough to be offered as a list.
    return wrong({ code: 'wrong-type', found: describe(value), expected, replacement: `[${value.trim()}]` });
  }
  if (!Array.isArray(value)) return wrong({ code: 'wrong-type', found: describe(value), expected });
  if (value.length === 0)
    return wrong({ code: 'out-of-range', found: 'an empty list', expected: `${expected}, one at least` });
  const firstOf = new Map<unknown, number>();
  for (const [i, item] of value.entries()) if (!firstOf.has(item)) firstOf.set(item, i);
  const findings = value.flatMap((item: unknown, i) => checkItem(option, item, i, firstOf));
  const isWrong = findings.some(({ severity }) => severity === 'error');
  return { value: isWrong ? undefined : value, findings };
}

/** `firstOf`: item → where it stands first in the list. */
function checkItem(
  option: TextsOption,
  item: unknown,
  index: number,
  firstOf: ReadonlyMap<unknown, number>,
): ValueFinding[] {
  if (typeof item !== 'string' || item === '') {
    return [{ severity: 'error', code: 'wrong-type', found: describe(item), expected: 'a text', item: index }];
  }
  if (firstOf.get(item)! < index) {
    const found = `${describe(item)} again`;
    return [{ severity: 'error', code: 'duplicate-key', found, expected: 'each item once', item: index }];
  }
  const isKnown = option.items === 'metric' ? findMetric(item) !== undefined : option.suggestions.includes(item);
  if (isKnown) return [];
  const similar = option.items === 'metric' ? similarMetric(item, option) : similarName(item, option.suggestions);
  const near = firstOf.has(similar) ? undefined : similar;
  // Any column may be a product field; only one that looks misspelt is worth a word.
  if (option.items === 'any' && near === undefined) return [];
  return [
    {
      severity: option.items === 'metric' ? 'error' : 'warning',
      code: option.items === 'metric' ? 'unknown-value' : 'unusual',
      found: describe(item),
      expected:
        option.items === 'metric'
          ? 'a metric such as esci_ndcg, ndcg@10, trec:map'
          : `a column such as ${option.suggestions[0]!}`,
      ...(near === undefined ? {} : { suggestion: near, replacement: near }),
      item: index,
    },
  ];
}

/** The metric that was probably meant: in other case, with its words spelt out, without its cutoff or prefix, or a slip. */
function similarMetric(item: string, { suggestions }: TextsOption): string | undefined {
  const name = item
    .trim()
    .toLowerCase()
    .replace(/^precision(?=@|$)/, 'p')
    .replace(/^recall(?=@|$)/, 'r');
  const candidates = [name, `${name}@10`, `trec:${item}`, `trec:${name}`];
  return candidates.find((candidate) => findMetric(candidate) !== undefined) ?? similarName(item, suggestions);
}

/** A value in a few words. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') {
    if (value.trim() === '') return 'an empty text';
    return JSON.stringify(shortened(value, 60));
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a mapping';
}

function right(value: unknown): CheckedValue {
  return { value, findings: [] };
}

function wrong(finding: Omit<ValueFinding, 'severity'>): CheckedValue {
  return { value: undefined, findings: [{ severity: 'error', ...finding }] };
}
