/** Finds options and sections by path. */
import type { Option } from './option-kinds.ts';
import { OPTIONS, SECTIONS, type OptionPath } from './options.ts';

/** The option at a path such as `hyperparameters.learning_rate` or `training_blocks[0].training`; undefined when there is none. */
export function optionAt(path: string): Option | undefined {
  const key = tablePath(path);
  return Object.hasOwn(OPTIONS, key) ? OPTIONS[key as OptionPath] : undefined;
}

/** The section's sentence at a path; undefined when there is no such section. */
export function sectionHelpAt(path: string): string | undefined {
  const key = tablePath(path);
  const found = Object.entries(SECTIONS).find(([section]) => section === key || section === `${key}[]`);
  return found?.[1];
}

/** A path with the indices of list items taken out: `training_blocks[0].training` → `training_blocks[].training`. */
export function tablePath(path: string): string {
  return path.replace(/\[\d*\]/g, '[]');
}

/** Keys allowed in the mapping at a path ('' for the top level), in the table's order; empty when it is no mapping. */
export function keysAt(path: string): readonly string[] {
  const prefix = path === '' ? '' : `${tablePath(path)}.`;
  const below = Object.keys(OPTIONS).filter((key) => key.startsWith(prefix));
  return [...new Set(below.map((key) => key.slice(prefix.length).split(/[.[]/, 1)[0]!))];
}

/** The path of a key of the mapping at `path`. */
export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Whether a file must set the option. */
export function isRequired(option: Option): boolean {
  return !('default' in option) && !('defaultBy' in option);
}
