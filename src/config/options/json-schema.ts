import { defaultText } from './describe-option.ts';
import type { ChoiceOption, NumberOption, Option, TextOption, TextsOption } from './option-kinds.ts';
import type { OptionKind } from '../../vocabulary/option-kind.ts';
import { isRequired, join, keysAt, optionAt, sectionHelpAt } from './option-paths.ts';
import { SECTIONS } from './options.ts';

type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema (draft-07) of an experiment, for editors that know YAML by schema. */
export function experimentSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'ESCI Lab experiment',
    description: 'A fine-tuning experiment for product-search ranking.',
    ...mappingSchema(''),
    // Mappings that only hold anchors.
    patternProperties: { '^(x-|\\.)': {} },
  };
}

function mappingSchema(path: string): Schema {
  const keys = keysAt(path);
  const required = keys.filter((key) => isNeeded(join(path, key)));
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(keys.map((key) => [key, entrySchema(join(path, key))])),
  };
}

/** Whether a mapping needs the key: a required option, or a section that holds one. */
function isNeeded(path: string): boolean {
  const option = optionAt(path);
  return option === undefined ? keysAt(path).some((key) => isNeeded(join(path, key))) : isRequired(option);
}

function entrySchema(path: string): Schema {
  const option = optionAt(path);
  if (option !== undefined) return optionSchema(option);
  const description = sectionHelpAt(path);
  if (!Object.hasOwn(SECTIONS, `${path}[]`)) return { description, ...mappingSchema(path) };
  return { description, type: 'array', items: mappingSchema(`${path}[]`) };
}

function optionSchema(option: Option): Schema {
  const kind = (SCHEMAS[option.kind] as (option: Option) => Schema)(option);
  const isNullable = 'nullable' in option && option.nullable;
  return {
    description: option.help,
    markdownDescription: `${option.help}\n\nDefault: ${defaultText(option)}`,
    ...('default' in option ? { default: option.default } : {}),
    ...(isNullable ? { anyOf: [kind, { type: 'null' }] } : kind),
  };
}

const SCHEMAS = {
  text: ({ suggestions }: TextOption) => ({
    type: 'string',
    pattern: '\\S',
    ...(suggestions === undefined ? {} : { examples: suggestions }),
  }),
  // The names are offered; other spellings of them are accepted, as the validation does.
  choice: ({ values }: ChoiceOption) => ({
    anyOf: [{ enum: values }, { type: 'string', pattern: `^(?:${values.map(spellings).join('|')})$` }],
  }),
  number: (option: NumberOption) => (option.orCount === true ? shareOrCount() : numberSchema(option)),
  flag: () => ({
    anyOf: [
      { type: 'boolean' },
      { type: 'string', pattern: `^(?:${['true', 'false', 'yes', 'no', 'on', 'off'].map(spellings).join('|')})$` },
    ],
  }),
  texts: ({ suggestions }: TextsOption) => ({
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', minLength: 1, examples: suggestions },
  }),
} as const satisfies Record<OptionKind, unknown>;

function numberSchema({ isInteger, min, above, max, below }: NumberOption): Schema {
  return {
    type: isInteger === true ? 'integer' : 'number',
    ...(min === undefined ? {} : { minimum: min }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(below === undefined ? {} : { exclusiveMaximum: below }),
  };
}

function shareOrCount(): Schema {
  return {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      { type: 'integer', minimum: 1 },
    ],
  };
}

/** Pattern of a name in any case, its words joined by `-`, `_`, blanks or nothing. */
function spellings(name: string): string {
  return Array.from(name)
    .map((char) =>
      /[a-z]/i.test(char) ? `[${char.toUpperCase()}${char.toLowerCase()}]` : /[\s_-]/.test(char) ? '' : char,
    )
    .join('[ _-]*');
}
