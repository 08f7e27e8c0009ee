/** Shapes of the entries of the one table of options (options.ts). */
import type { OptionKind } from '../../vocabulary/option-kind.ts';

interface OptionBase<K extends OptionKind> {
  readonly kind: K;
  /** One sentence for hover, schema and reference. */
  readonly help: string;
  /** A value as it stands in the YAML. */
  readonly example: string;
  /** Names of the same option in other tools, for "did you mean". */
  readonly alsoKnownAs?: readonly string[];
}

interface OptionalBase<K extends OptionKind> extends OptionBase<K> {
  /** Whether `null` is accepted; `whenNull` says what it means. */
  readonly nullable?: boolean;
  readonly whenNull?: string;
}

/** A text; without a default it must be given. */
export interface TextOption extends OptionalBase<'text'> {
  readonly default?: string | null;
  /** Values that completion offers; others are accepted. */
  readonly suggestions?: readonly string[];
}

/** One of a list of names, in any case, words joined by `-`, `_` or a blank. */
export interface ChoiceOption extends OptionalBase<'choice'> {
  readonly values: readonly string[];
  readonly default?: string | null;
  /** The default where it depends on another option: its path, and the default for each of its values. */
  readonly defaultBy?: { readonly path: string; readonly values: Readonly<Record<string, string>> };
  /** Names of values in other tools, without punctuation and in lower case → ours, for "did you mean". */
  readonly otherNames?: Readonly<Record<string, string>>;
}

export interface NumberOption extends OptionalBase<'number'> {
  readonly default: number | null;
  readonly isInteger?: boolean;
  /** Smallest value. */
  readonly min?: number;
  /** Values must exceed it. */
  readonly above?: number;
  readonly max?: number;
  /** Values must stay under it. */
  readonly below?: number;
  /** A second accepted range, of whole numbers from `min` on: "a share below 1 or a count". */
  readonly orCount?: boolean;
}

export interface FlagOption extends OptionBase<'flag'> {
  readonly default: boolean;
}

/** A list of texts with at least one item. */
export interface TextsOption extends OptionBase<'texts'> {
  readonly default: readonly string[];
  readonly suggestions: readonly string[];
  /** `metric`: items must name a metric; `any`: a near miss of a suggestion is a warning. */
  readonly items: 'metric' | 'any';
}

export type Option = TextOption | ChoiceOption | NumberOption | FlagOption | TextsOption;
