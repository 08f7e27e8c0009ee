/** Names that every JavaScript object has are names like any other: in keys, values, paths and lists. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeEdits } from '../../../src/config/edit/change-experiment.ts';
import { checkValue } from '../../../src/config/check/check-value.ts';
import { completionsAt, hoverAt } from '../../../src/config/language/completions.ts';
import { formState } from '../../../src/config/form/form-state.ts';
import { optionAt, sectionHelpAt, keysAt } from '../../../src/config/options/option-paths.ts';
import type { Option } from '../../../src/config/options/option-kinds.ts';
import { OPTIONS } from '../../../src/config/options/options.ts';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { setOption } from '../../../src/config/edit/set-option.ts';
import { readYaml } from '../../../src/config/yaml/yaml-source.ts';
import { applyEdits } from '../../../src/config/edit/text-edit.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import type { FormChange } from '../../../src/protocol/panels/form-change.ts';

const NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name'];
const OPTION_PATHS = Object.entries<Option>(OPTIONS);
const CONFIGS = new URL('../../../configs/', import.meta.url);
const texts = readdirSync(CONFIGS).map((file) => readFileSync(new URL(file, CONFIGS), 'utf8'));

const name = fc.constantFrom(...NAMES);
const seeded = { seed: 9, numRuns: 150 };

/** What every object has, as it was when the file was loaded. */
const before = new Map(
  NAMES.map((key) => [key, Object.getOwnPropertyDescriptor(Object.prototype, key)?.value as unknown]),
);
function expectClean(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  for (const [key, value] of before) expect(Object.getOwnPropertyDescriptor(Object.prototype, key)?.value).toBe(value);
}

/** Functions anywhere in a value: something was looked up in an object's prototype. */
function functionsIn(value: unknown): unknown[] {
  if (typeof value === 'function') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(functionsIn) : [];
}

describe('a name of Object.prototype', () => {
  it('is no value of an option, but a text where the option takes any', () => {
    for (const [path, option] of OPTION_PATHS) {
      for (const value of NAMES) {
        const given = option.kind === 'texts' ? [value] : value;
        const { value: read, findings } = checkValue(option, given);
        expect(functionsIn([read, findings]), `${path}: ${value}`).toEqual([]);
        if (option.kind !== 'text' && option.kind !== 'texts') expect(read, `${path}: ${value}`).toBeUndefined();
      }
    }
  });

  it('is no option, no section and no key', () => {
    for (const key of NAMES) {
      for (const path of [key, `model.${key}`, `${key}.x`, `training_blocks[].${key}`, `${key}[]`]) {
        if (Object.hasOwn(OPTIONS, path)) continue;
        expect([optionAt(path), sectionHelpAt(path), keysAt(path)], path).toEqual([undefined, undefined, []]);
      }
    }
  });

  it('as a key or value anywhere in a file is a problem in words, and the rest is read', () => {
    const section = fc.constantFrom('', ...keysAt('').filter((key) => optionAt(key) === undefined));
    fc.assert(
      fc.property(
        section,
        name,
        name,
        fc.constantFrom(...OPTION_PATHS.map(([path]) => path)),
        (home, key, value, path) => {
          const keys = path.replace('[]', '').split('.');
          const text = [
            'x-a: &a',
            `  ${key}: ${value}`,
            ...(home === '' ? [`${key}: { ${value}: 1 }`] : [`${home}:`, '  <<: *a', `  ${value}: [${key}]`]),
            ...(keys[0] === home ? [] : [`${keys[0]!}:`, ...(keys.length > 1 ? [`  ${keys.at(-1)!}: ${value}`] : [])]),
            '',
          ].join('\n');
          const parsed = parseExperiment(text, 'x.yml');
          expect(functionsIn(parsed)).toEqual([]);
          expect(parsed.problems.map(({ message }) => message).join('\n')).not.toMatch(
            /native code|\[object|undefined/,
          );
          expect(functionsIn(formState(text, 'x.yml'))).toEqual([]);
          for (let at = 0; at <= text.length; at += 5)
            expect(functionsIn([completionsAt(text, at), hoverAt(text, at)])).toEqual([]);
          expectClean();
        },
      ),
      seeded,
    );
  });

  it('in --set is refused with the name, and as a text is written as one', () => {
    const path = fc.oneof(
      name,
      fc.tuple(name, name).map((keys) => keys.join('.')),
      name.map((key) => `model.${key}`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), path, name, (text, key, value) => {
        if (key === 'model.name') return;
        expect(() => setOption(text, `${key}=${value}`)).toThrow(ProblemError);
        expect(() => setOption(text, `training_blocks.${key}=true`)).toThrow(ProblemError);
        expect(() => setOption(text, `hyperparameters.loss_function=${value}`)).toThrow(ProblemError);
        const set = parseExperiment(setOption(text, `data.uri=${value}`), 'x.yml');
        expect('experiment' in set && set.experiment.data.uri).toBe(value);
        expectClean();
      }),
      seeded,
    );
  });

  it('typed into the form is written as it is typed', () => {
    const change = fc.constantFrom(...OPTION_PATHS).chain(([path, option]) =>
      name.map((value): FormChange => {
        const own = path.replace('[]', '[0]');
        return option.kind === 'texts' ? { kind: 'addItem', path: own, value } : { kind: 'set', path: own, value };
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), change, (text, typed) => {
        let after: string;
        try {
          after = applyEdits(text, changeEdits(text, typed));
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
          return;
        }
        expect(after).toContain((typed as { value: string }).value);
        expect(readYaml(after).findings).toEqual([]);
        expectClean();
      }),
      seeded,
    );
  });
});
