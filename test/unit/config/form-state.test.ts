import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formSections } from '../../../src/config/form/form-sections.ts';
import { formState } from '../../../src/config/form/form-state.ts';
import { NO_FACTS_FROM_RUNS } from '../../../src/config/check/run-facts.ts';
import { OPTIONS } from '../../../src/config/options/options.ts';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { FORM_DATA } from '../../../src/protocol/panels/form-data.ts';

const ORIGINAL = readFileSync(new URL('../../../configs/model_config.yml', import.meta.url), 'utf8');
const BROKEN = new URL('../../fixtures/config/broken/', import.meta.url);

function field(text: string, path: string) {
  return formState(text, 'x.yml').fields.find((candidate) => candidate.path === path);
}

describe('the form of an experiment', () => {
  it('has each option of the table once, and nothing else', () => {
    expect(
      formSections()
        .flatMap(({ fields }) => fields.map(({ path }) => path))
        .sort(),
    ).toEqual(Object.keys(OPTIONS).sort());
    expect(formSections().map(({ title }) => title)).toEqual([
      'Model',
      'Data',
      'Hyperparameters',
      'Hyperparameters › Gains',
      'Training blocks',
      'Artifacts path',
      'Evaluation',
      'General',
    ]);
  });

  it('suggests the runs that can be a baseline', () => {
    const baselines = [{ id: '20260102-030405-second-d4e5f6', name: 'second' }];
    const { fields } = formState(ORIGINAL, 'x.yml', { ...NO_FACTS_FROM_RUNS, baselines });
    const suggested = fields.filter(({ suggestions }) => suggestions !== undefined);
    expect(suggested.map(({ path, suggestions }) => [path, suggestions])).toEqual([
      ['evaluation.baseline', [{ value: '20260102-030405-second-d4e5f6', name: 'second' }]],
    ]);
  });

  it('says of each what applies while it is not set', () => {
    const fallbacks = new Map(
      formSections().flatMap(({ fields }) => fields.map(({ path, fallback }) => [path, fallback])),
    );
    expect(fallbacks.get('hyperparameters.learning_rate')).toBe('7e-6');
    expect(fallbacks.get('hyperparameters.eval_steps')).toBe('five times an epoch');
    expect(fallbacks.get('hyperparameters.loss_function')).toBe('MSE for cross-encoder, cosine-MSE for bi-encoder');
    expect(fallbacks.get('model.name')).toBe('');
  });

  it('shows values as they are written, names and flags as they are read', () => {
    expect(field(ORIGINAL, 'hyperparameters.learning_rate')).toMatchObject({ isSet: true, text: '7e-6' });
    expect(field(ORIGINAL, 'model.type')).toMatchObject({ isSet: true, text: 'cross-encoder' });
    expect(field(ORIGINAL, 'training_blocks[1].training')).toMatchObject({ isSet: true, text: 'true' });
    expect(field(ORIGINAL, 'evaluation.metrics')).toMatchObject({
      isSet: false,
      text: '',
      items: OPTIONS['evaluation.metrics'].default,
    });
    expect(field('model: {revision: null}\n', 'model.revision')).toMatchObject({ isSet: true, text: 'null' });
  });

  it('says what comes from an anchor, and locks what cannot be edited', () => {
    const text =
      'x-h: &h {seed: 1}\nmodel: a/b\ndata: {uri: [1]}\nhyperparameters:\n  <<: *h\nevaluation: *h\ntraining_blocks: [encoder]\n';
    expect(field(text, 'hyperparameters.seed')).toMatchObject({ isSet: false, text: '1' });
    expect(field(text, 'model.type')).toMatchObject({ locked: 'It is no mapping.' });
    expect(field(text, 'data.uri')).toMatchObject({ locked: 'It is no single value.' });
    expect(field(text, 'evaluation.metrics')).toMatchObject({ locked: 'It comes from an anchor.' });
    expect(field(text, 'training_blocks[0].training')).toMatchObject({ locked: 'This item is no mapping.' });
    expect(field(text, 'hyperparameters.dropout')).not.toHaveProperty('locked');
  });

  it('lists the keys that are no option, with their line', () => {
    const text =
      'x-a: &a {}\nmodel: {name: a, naem: b}\ndata: {uri: c}\nteam: [1,\n  2]\ntraining_blocks:\n  - block_name: encoder\n    why: not\n';
    const { textOnly } = formState(text, 'x.yml');
    expect(textOnly.map(({ path, value, line }) => [path, value, line])).toEqual([
      ['x-a', '{}', 1],
      ['model.naem', 'b', 2],
      ['team', '[1, 2]', 4],
      ['training_blocks[0].why', 'not', 8],
    ]);
    expect(textOnly[0]!.problems).toEqual([]);
    expect(textOnly[1]!.problems).toHaveLength(1);
  });

  it('tells every problem of any file once, in a form that the page accepts', () => {
    for (const name of readdirSync(BROKEN)) {
      const text = readFileSync(new URL(name, BROKEN), 'utf8');
      const state = formState(text, name);
      const told = [...state.fields, ...state.sections, ...state.textOnly, state].flatMap(({ problems }) => problems);
      const found = parseExperiment(text, name).problems;
      expect(told.map(({ line }) => line).sort(), name).toEqual(found.map(({ line }) => line).sort());
      expect(FORM_DATA.notices.state(state, '')).toEqual([]);
    }
  });
});
