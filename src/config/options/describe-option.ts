import { writtenNumber } from '../../vocabulary/words/number.ts';
import { expectedOf } from '../check/check-value.ts';
import { isRequired } from './option-paths.ts';
import type { Option } from './option-kinds.ts';

/** Option in Markdown, for a hover: path, what it accepts, its sentence, default and example. */
export function optionMarkdown(path: string, option: Option): string {
  const lines = [`**${path}**: ${expectedOf(option)}`, '', option.help, '', `Default: ${defaultText(option)}  `];
  return [...lines, `Example: \`${option.example}\``].join('\n');
}

/** The default in Markdown: a value as in YAML, what null stands for, `none: required`. */
export function defaultText(option: Option): string {
  if (isRequired(option)) return 'none: required';
  if (option.kind === 'choice' && option.defaultBy !== undefined) {
    const { path, values } = option.defaultBy;
    const cases = Object.entries(values).map(([value, given]) => `\`${given}\` for ${value}`);
    return `${cases.join(', ')} (\`${path}\`)`;
  }
  const value = 'default' in option ? option.default : null;
  if (value !== null) return `\`${yamlText(value)}\``;
  return 'whenNull' in option ? `null: ${option.whenNull}` : 'null';
}

/** A default as it would be written in YAML. */
export function yamlText(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'object') return `[${value.join(', ')}]`;
  return typeof value === 'number' ? writtenNumber(value) : String(value);
}
