import { defaultText } from './describe-option.ts';
import { expectedOf } from '../check/check-value.ts';
import type { Option } from './option-kinds.ts';
import { keysAt, optionAt, join, sectionHelpAt } from './option-paths.ts';
import { SECTIONS } from './options.ts';

/** The reference of all options in Markdown: a table for each section, in the order of the table of options. */
export function optionReference(): string {
  const top = keysAt('').filter((key) => optionAt(key) !== undefined);
  const sections = Object.keys(SECTIONS).map((section) => {
    const keys = keysAt(section).filter((key) => optionAt(join(section, key)) !== undefined);
    return [`### \`${section.replace('[]', '')}\``, '', sectionHelpAt(section) ?? '', '', ...table(section, keys)];
  });
  return (
    [...sections, ['### At the top level', '', ...table('', top)]].map((lines) => lines.join('\n')).join('\n\n') + '\n'
  );
}

function table(section: string, keys: readonly string[]): string[] {
  const rows = keys.map((key) => row(key, optionAt(join(section, key))!));
  return ['| option | accepts | default | what it does |', '|---|---|---|---|', ...rows];
}

function row(key: string, option: Option): string {
  const cells = [`\`${key}\``, expectedOf(option), defaultText(option), option.help];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
