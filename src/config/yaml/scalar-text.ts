import { load, YAMLException } from 'js-yaml';
import { isScalar } from 'yaml';
import { checkValue } from '../check/check-value.ts';
import type { Option } from '../options/option-kinds.ts';

/**
 * A value as a person types it into a field, as YAML on one line for any place: a number or flag stays what it is, a text gets
 * quotes where YAML would read something else. Quotes and the case of flags are those of the value that it replaces.
 */
export function scalarText(option: Option, typed: string, replaced?: unknown): string {
  const value = typed.trim();
  if (option.kind === 'number' && isOwn(option, value)) return value;
  if (option.kind === 'flag' && isOwn(option, value)) return flagText(value, replaced);
  const isNull = value === 'null' && 'nullable' in option && option.nullable;
  return isNull ? value : textLike(typed, replaced);
}

/** A text as YAML; plain where that says the same. */
export function textLike(value: string, replaced?: unknown): string {
  const quotes = isScalar(replaced) ? replaced.type : undefined;
  if (quotes === 'QUOTE_DOUBLE') return JSON.stringify(value);
  if (quotes === 'QUOTE_SINGLE' && /^[\x20-\uD7FF]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const isPlain = parsed(value)?.value === value && !/[,[\]{}\n\r]/.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** The value of a text in YAML; undefined when it is none. */
export function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: load(text) };
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/** Whether YAML reads the text as the option's own type; the range is the validator's to judge. */
function isOwn(option: Option, value: string): boolean {
  const read = /[\n\r#]/.test(value) ? undefined : parsed(value);
  if (option.kind === 'number') return typeof read?.value === 'number' || (read?.value === null && value === 'null');
  return read !== undefined && checkValue(option, read.value).findings.length === 0;
}

/** `false` in place of `TRUE` is `FALSE`, in place of `yes` `no`. */
function flagText(value: string, replaced: unknown): string {
  const before = isScalar(replaced) ? (replaced.source ?? '') : '';
  const isOn = /^(?:true|yes|on)$/i.test(value);
  const pair = PAIRS.find((words) => words.includes(before.toLowerCase())) ?? PAIRS[0]!;
  const word = pair[isOn ? 0 : 1];
  if (before !== '' && before === before.toUpperCase()) return word.toUpperCase();
  return /^[A-Z]/.test(before) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

const PAIRS: readonly (readonly [on: string, off: string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
];
