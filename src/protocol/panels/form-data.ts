/** What the form of an experiment shows and asks for; the text document is the only truth behind it. */
import { count, flag, list, nonEmptyText, object, oneOf, optional, text } from '../../vocabulary/check.ts';
import type { Infer } from '../../vocabulary/check.ts';
import { OPTION_KINDS } from '../../vocabulary/option-kind.ts';
import { contract, nothing } from '../rpc.ts';
import type { CallsOf } from '../rpc.ts';
import { formChangeCheck } from './form-change.ts';

const formFieldCheck = object({
  /** Path in the table of options; `[]` marks the items of a list. */
  path: nonEmptyText,
  /** The key itself. */
  name: nonEmptyText,
  kind: oneOf(OPTION_KINDS),
  help: text,
  /** What it accepts, in words. */
  expected: text,
  /** What applies while it is not set, as it would be written or in words; empty where there is no default. */
  fallback: text,
  isRequired: flag,
  /** The names of a choice; suggestions for texts. */
  choices: list(text),
});

/** An option as a field: everything about it that no text changes. */
export type FormField = Infer<typeof formFieldCheck>;

const formSectionCheck = object({
  /** '' for the options at the top level. */
  path: text,
  title: nonEmptyText,
  help: text,
  isList: flag,
  fields: list(formFieldCheck),
});

/** A mapping of the experiment with its fields, or with `isList` the items of a list of mappings. */
export type FormSection = Infer<typeof formSectionCheck>;

const formProblemCheck = object({
  severity: oneOf(['error', 'warning']),
  /** One sentence without the path. */
  message: text,
  /** 1-based. */
  line: count,
  /** Title of the edit that repairs it. */
  fix: optional(text),
});

export type FormProblem = Infer<typeof formProblemCheck>;

const suggestionCheck = object({ value: nonEmptyText, name: text });

export type Suggestion = Infer<typeof suggestionCheck>;

const fieldStateCheck = object({
  /** Path with indices: `training_blocks[0].training`. */
  path: nonEmptyText,
  /** Whether the text sets it in its own place, and not only by a merge key. */
  isSet: flag,
  /** The value as it is written, without quotes; of an option that is not set, what a merge key brings, or nothing. */
  text,
  /** Of a list: its items, those of the default while it is not set. */
  items: optional(list(text)),
  /** Values that it may have, as far as they are known here, each with what it is called. */
  suggestions: optional(list(suggestionCheck)),
  /** Why it cannot be edited here. */
  locked: optional(text),
  problems: list(formProblemCheck),
});

/** What the text says about an option. */
export type FieldState = Infer<typeof fieldStateCheck>;

const sectionStateCheck = object({
  path: text,
  /** Items of a list of mappings. */
  nItems: count,
  locked: optional(text),
  problems: list(formProblemCheck),
});

/** A section whose fields cannot be edited, or that has problems of its own. */
export type SectionState = Infer<typeof sectionStateCheck>;

const textOnlyCheck = object({
  path: text,
  /** Its value on one line, cut off. */
  value: text,
  line: count,
  problems: list(formProblemCheck),
});

/** A key that is no option. */
export type TextOnly = Infer<typeof textOnlyCheck>;

const formStateCheck = object({
  fields: list(fieldStateCheck),
  sections: list(sectionStateCheck),
  textOnly: list(textOnlyCheck),
  /** Of the file as a whole. */
  problems: list(formProblemCheck),
  /** Whether a syntax error keeps the text from being edited here; values are then those that could be recovered. */
  isBroken: flag,
});

/** What the text says about all options. */
export type FormState = Infer<typeof formStateCheck>;

export const FORM_COMMANDS = ['start', 'dryRun', 'openText'] as const;
export type FormCommand = (typeof FORM_COMMANDS)[number];

const calls = {
  /** Everything; `state` notices follow. */
  open: { params: nothing, reply: object({ name: text, sections: list(formSectionCheck), state: formStateCheck }) },
  /** Edits the text; what cannot be done rejects with its reason. */
  change: { params: formChangeCheck, reply: nothing },
  /** Applies the fix of a problem of the last state. */
  fix: { params: object({ line: count, title: nonEmptyText }), reply: nothing },
  /** Saves the file with every change that was asked for before. */
  save: { params: nothing, reply: nothing },
  /** Shows a line of the text beside the form. */
  reveal: { params: object({ line: count }), reply: nothing },
  run: { params: object({ command: oneOf(FORM_COMMANDS) }), reply: nothing },
};

export type FormCalls = CallsOf<typeof calls>;

export const FORM_DATA = contract('form-data', calls, {
  /** After every change of the text, whoever made it. */
  state: formStateCheck,
});
