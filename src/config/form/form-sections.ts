import type { FormField, FormSection } from '../../protocol/panels/form-data.ts';
import { expectedOf } from '../check/check-value.ts';
import { yamlText } from '../options/describe-option.ts';
import type { Option } from '../options/option-kinds.ts';
import { isRequired, sectionHelpAt } from '../options/option-paths.ts';
import { OPTIONS } from '../options/options.ts';

/** The table of options as the sections and fields of a form, in its order. */
export function formSections(): FormSection[] {
  const options = Object.entries<Option>(OPTIONS);
  const paths = [...new Set(options.map(([path]) => sectionOf(path)))];
  return paths.map((section) => ({
    path: section.replace('[]', ''),
    title: titleOf(section),
    help: section === '' ? 'What runs the experiment, and where.' : (sectionHelpAt(section) ?? ''),
    isList: section.endsWith('[]'),
    fields: options.filter(([path]) => sectionOf(path) === section).map(([path, option]) => fieldOf(path, option)),
  }));
}

function sectionOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

/** `training_blocks[]` → `Training blocks`; of a section in a section, both. */
function titleOf(section: string): string {
  const words = section
    .replace('[]', '')
    .split('.')
    .map((key) => key.replaceAll('_', ' '));
  const titles = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return section === '' ? 'General' : titles.join(' › ');
}

function fieldOf(path: string, option: Option): FormField {
  return {
    path,
    name: path.slice(path.lastIndexOf('.') + 1),
    kind: option.kind,
    help: option.help,
    expected: expectedOf(option),
    fallback: fallbackOf(option),
    isRequired: isRequired(option),
    choices: option.kind === 'choice' ? option.values : 'suggestions' in option ? (option.suggestions ?? []) : [],
  };
}

/** What applies while an option is not set: a value, what null means, or one value for each of another option's. */
function fallbackOf(option: Option): string {
  if (option.kind === 'choice' && option.defaultBy !== undefined) {
    return Object.entries(option.defaultBy.values)
      .map(([value, given]) => `${given} for ${value}`)
      .join(', ');
  }
  const value = 'default' in option ? option.default : undefined;
  if (value === undefined) return '';
  if (value !== null) return yamlText(value);
  return 'whenNull' in option ? option.whenNull : '';
}
