/** What the form of an experiment shows and asks for; the text document is the only truth behind it. */
import { count, flag, list, nonEmptyText, object, oneOf, optional, text } from '../../vocabulary/check.ts';
import type { Check } from '../../vocabulary/check.ts';
import { OPTION_KINDS } from '../../vocabulary/option-kind.ts';
import type { OptionKind } from '../../vocabulary/option-kind.ts';
import type { Contract } from '../rpc.ts';
import type { FormChange } from './form-change.ts';

/** An option as a field: everything about it that no text changes. */
export interface FormField {
  /** Path in the table of options; `[]` marks the items of a list. */
  readonly path: string;
  /** The key itself. */
  readonly name: string;
  readonly kind: OptionKind;
  readonly help: string;
  /** What it accepts, in words. */
  readonly expected: string;
  /** What applies while it is not set, as it would be written or in words; empty where there is no default. */
  readonly fallback: string;
  readonly isRequired: boolean;
  /** The names of a choice; suggestions for texts. */
  readonly choices: readonly string[];
}

/** A mapping of the experiment with its fields, or with `isList` the items of a list of mappings. */
export interface FormSection {
  /** '' for the options at the top level. */
  readonly path: string;
  readonly title: string;
  readonly help: string;
  readonly isList: boolean;
  readonly fields: readonly FormField[];
}

export interface FormProblem {
  readonly severity: 'error' | 'warning';
  /** One sentence without the path. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  /** Title of the edit that repairs it. */
  readonly fix?: string;
}

export interface Suggestion {
  readonly value: string;
  readonly name: string;
}

/** What the text says about an option. */
export interface FieldState {
  /** Path with indices: `training_blocks[0].training`. */
  readonly path: string;
  /** Whether the text sets it in its own place, and not only by a merge key. */
  readonly isSet: boolean;
  /** The value as it is written, without quotes; of an option that is not set, what a merge key brings, or nothing. */
  readonly text: string;
  /** Of a list: its items, those of the default while it is not set. */
  readonly items?: readonly string[];
  /** Values that it may have, as far as they are known here, each with what it is called. */
  readonly suggestions?: readonly Suggestion[];
  /** Why it cannot be edited here. */
  readonly locked?: string;
  readonly problems: readonly FormProblem[];
}

/** A section whose fields cannot be edited, or that has problems of its own. */
export interface SectionState {
  readonly path: string;
  /** Items of a list of mappings. */
  readonly nItems: number;
  readonly locked?: string;
  readonly problems: readonly FormProblem[];
}

/** A key that is no option. */
export interface TextOnly {
  readonly path: string;
  /** Its value on one line, cut off. */
  readonly value: string;
  readonly line: number;
  readonly problems: readonly FormProblem[];
}

export interface FormState {
  readonly fields: readonly FieldState[];
  readonly sections: readonly SectionState[];
  readonly textOnly: readonly TextOnly[];
  /** Of the file as a whole. */
  readonly problems: readonly FormProblem[];
  /** Whether a syntax error keeps the text from being edited here; values are then those that could be recovered. */
  readonly isBroken: boolean;
}

export const FORM_COMMANDS = ['start', 'dryRun', 'openText'] as const;
export type FormCommand = (typeof FORM_COMMANDS)[number];

type Nothing = Record<string, never>;

export interface FormCalls {
  /** Everything; `state` notices follow. */
  open(params: Nothing): {
    readonly name: string;
    readonly sections: readonly FormSection[];
    readonly state: FormState;
  };
  /** Edits the text; what cannot be done rejects with its reason. */
  change(params: FormChange): Nothing;
  /** Applies the fix of a problem of the last state. */
  fix(params: { readonly line: number; readonly title: string }): Nothing;
  /** Saves the file with every change that was asked for before. */
  save(params: Nothing): Nothing;
  /** Shows a line of the text beside the form. */
  reveal(params: { readonly line: number }): Nothing;
  run(params: { readonly command: FormCommand }): Nothing;
}

export interface FormNotices {
  /** After every change of the text, whoever made it. */
  state: FormState;
}

const problems = list(
  object<FormProblem>({
    severity: oneOf(['error', 'warning']),
    message: text,
    line: count,
    fix: optional(text),
  }),
);

const state = object<FormState>({
  fields: list(
    object<FieldState>({
      path: nonEmptyText,
      isSet: flag,
      text,
      items: optional(list(text)),
      suggestions: optional(list(object<Suggestion>({ value: nonEmptyText, name: text }))),
      locked: optional(text),
      problems,
    }),
  ),
  sections: list(object<SectionState>({ path: text, nItems: count, locked: optional(text), problems })),
  textOnly: list(object<TextOnly>({ path: text, value: text, line: count, problems })),
  problems,
  isBroken: flag,
});

const sections = list(
  object<FormSection>({
    path: text,
    title: nonEmptyText,
    help: text,
    isList: flag,
    fields: list(
      object<FormField>({
        path: nonEmptyText,
        name: nonEmptyText,
        kind: oneOf(OPTION_KINDS),
        help: text,
        expected: text,
        fallback: text,
        isRequired: flag,
        choices: list(text),
      }),
    ),
  }),
);

const CHANGES: { readonly [K in FormChange['kind']]: Check } = {
  set: object<Omit<Extract<FormChange, { kind: 'set' }>, 'kind'>>({ path: nonEmptyText, value: text }),
  reset: object<{ path: string }>({ path: nonEmptyText }),
  addItem: object<{ path: string; value: string }>({ path: nonEmptyText, value: nonEmptyText }),
  removeItem: object<{ path: string; index: number }>({ path: nonEmptyText, index: count }),
  moveItem: object<{ path: string; from: number; to: number }>({ path: nonEmptyText, from: count, to: count }),
};

const change: Check = (value, path) => {
  const kind = object<{ kind: string }>({ kind: oneOf(Object.keys(CHANGES)) })(value, path);
  return kind.length > 0 ? kind : CHANGES[(value as FormChange).kind](value, path);
};

const nothing = object<Nothing>({});

export const FORM_DATA: Contract<FormCalls, FormNotices> = {
  api: 'form-data',
  calls: {
    open: { params: nothing, reply: object<ReturnType<FormCalls['open']>>({ name: text, sections, state }) },
    change: { params: change, reply: nothing },
    fix: { params: object<{ line: number; title: string }>({ line: count, title: nonEmptyText }), reply: nothing },
    save: { params: nothing, reply: nothing },
    reveal: { params: object<{ line: number }>({ line: count }), reply: nothing },
    run: { params: object<{ command: string }>({ command: oneOf(FORM_COMMANDS) }), reply: nothing },
  },
  notices: { state },
};
