import { isMap, isScalar, isSeq } from 'yaml';
import { nearestName } from '../../metrics/nearest-name.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { checkExperiment } from '../check/check-experiment.ts';
import { brokenText } from '../config-problem.ts';
import { checkValue, expectedOf, foldName } from '../check/check-value.ts';
import { appendMapping } from './list-edit.ts';
import { BLOCKS } from '../options/names.ts';
import type { Option } from '../options/option-kinds.ts';
import { optionAt } from '../options/option-paths.ts';
import { OPTIONS } from '../options/options.ts';
import { parsed, textLike } from '../yaml/scalar-text.ts';
import { applyEdit, editAt, editIn, type TextEdit } from './text-edit.ts';
import { pairAt, readYaml, type YamlSource } from '../yaml/yaml-source.ts';

/**
 * The text with one `--set` applied: `key=value` with a path of the table (`hyperparameters.learning_rate=1e-4`), or
 * `training_blocks.BLOCK=true|false`. The change is one range edit: comments, order and print of the rest stay.
 * @throws ProblemError `bad-option` for an unknown key, a value that the option does not accept, a file with a syntax error.
 */
export function setOption(text: string, assignment: string): string {
  const equals = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(0, equals)).trim();
  if (path === '') throw refusal(assignment, 'Expected key=value, such as hyperparameters.learning_rate=1e-4.');
  return applyEdit(text, optionEdit(text, path, assignment.slice(equals + 1).trim()));
}

/**
 * The edit behind `setOption`, path and value apart; the value is YAML on one line, or the bare text of a text option.
 * @throws ProblemError as `setOption`
 */
export function optionEdit(text: string, path: string, value: string): TextEdit {
  const change: Change = { source: readYaml(text), path, value };
  const broken = change.source.findings[0];
  if (broken !== undefined) throw refused(change, brokenText(broken));
  if (path.startsWith('training_blocks.')) return blockEdit(change);
  const option = optionAt(path);
  if (path !== 'training_blocks' && (option === undefined || path.includes('['))) throw unknownPath(change);
  const written = option === undefined ? plainText(change) : valueText(change, option);
  return checked(change, path, editAt(change.source, path.split('.'), written));
}

interface Change {
  readonly source: YamlSource;
  readonly path: string;
  /** As the person wrote it. */
  readonly value: string;
}

/** `training_blocks.encoder=false`: the block's own entry, added when the list has none. */
function blockEdit(change: Change): TextEdit {
  const { source, path } = change;
  const name = path.slice('training_blocks.'.length);
  const block = BLOCKS.find((known) => known === name);
  if (block === undefined) throw unknownPath(change);
  const written = valueText(change, OPTIONS['training_blocks[].training']);
  const list = pairAt(source, source.doc?.contents, 'training_blocks')?.value.value;
  if (!isSeq(list)) {
    const items = `[{ block_name: ${block}, training: ${written} }]`;
    return checked(change, 'training_blocks', editAt(source, ['training_blocks'], items));
  }
  const item = list.items.find((candidate) => blockOf(source, candidate) === block);
  const edit = isMap(item)
    ? editIn(source, item, ['training'], written)
    : appendMapping(source, list, [
        ['block_name', block],
        ['training', written],
      ]);
  return checked(change, 'training_blocks', edit);
}

function blockOf(source: YamlSource, item: unknown): string | undefined {
  const name = pairAt(source, item, 'block_name')?.value.value;
  if (!isScalar(name) || typeof name.value !== 'string') return undefined;
  const folded = foldName(name.value);
  return BLOCKS.find((block) => foldName(block) === folded);
}

/** The value as YAML that stands on one line in any place. */
function valueText(change: Change, option: Option): string {
  const { value } = change;
  if (option.kind === 'text' && !(value === 'null' && option.nullable === true)) {
    if (value === '') throw refused(change, `found an empty text, expected ${expectedOf(option)}`);
    return isQuotedText(value) ? value : textLike(value);
  }
  const written = option.kind === 'texts' && !value.startsWith('[') ? `[${value}]` : value;
  const result = parsed(written);
  if (result === undefined || /[\n\r#]/.test(written))
    throw refused(change, `found ${value}, expected ${expectedOf(option)}`);
  const wrong = checkValue(option, result.value).findings.find(({ severity }) => severity === 'error');
  if (wrong === undefined) return written;
  const hint = wrong.suggestion === undefined ? '' : `; did you mean ${wrong.suggestion}?`;
  throw refused(change, `found ${wrong.found}, expected ${wrong.expected}${hint}`);
}

function plainText(change: Change): string {
  if (parsed(change.value) !== undefined && !/[\n\r#]/.test(change.value)) return change.value;
  throw refused(change, `found ${change.value}, expected YAML on one line`);
}

function isQuotedText(text: string): boolean {
  return /^(["']).*\1$/s.test(text) && typeof parsed(text)?.value === 'string';
}

/** The edit, once its result was read: the text must stay valid, and the option must have no error. */
function checked(change: Change, path: string, edit: TextEdit | undefined): TextEdit {
  if (edit === undefined) {
    throw refused(change, `the file gives no place for ${path}: its section is an alias or no mapping`);
  }
  const after = readYaml(applyEdit(change.source.text, edit));
  if (after.findings.length > 0) throw refused(change, 'the file would no longer be valid YAML');
  const wrong = checkExperiment(after).findings.find((f) => f.severity === 'error' && f.path.startsWith(path));
  if (wrong !== undefined) throw refused(change, `${wrong.path}: found ${wrong.found}, expected ${wrong.expected}`);
  return edit;
}

function unknownPath(change: Change): ProblemError {
  const known = Object.keys(OPTIONS).filter((path) => !path.includes('['));
  const paths = [...known, ...BLOCKS.map((block) => `training_blocks.${block}`)];
  const leafOf = (path: string) => path.split('.').at(-1)!;
  const leaf = nearestName(leafOf(change.path), paths.map(leafOf));
  const near = nearestName(change.path, paths) ?? paths.find((path) => leafOf(path) === leaf);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return refused(change, `found the key ${change.path}, expected an option${hint}`);
}

function refused({ path, value }: Change, message: string): ProblemError {
  return refusal(`${path}=${value}`, message);
}

function refusal(assignment: string, message: string): ProblemError {
  const next = 'The options are listed in the README, section "Experiment options".';
  return new ProblemError({ code: 'bad-option', message, where: `--set ${assignment}`, next });
}
