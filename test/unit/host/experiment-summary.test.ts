import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { experimentName } from '../../../src/runs/experiment-name.ts';
import { summariseExperiment } from '../../../src/host/experiments/experiment-summary.ts';

const CONFIGS = new URL('../../../configs/', import.meta.url);

describe('the summary of an experiment', () => {
  it('names model, data and how it trains', () => {
    expect(summariseExperiment(readFileSync(new URL('model_config.yml', CONFIGS), 'utf8'))).toEqual({
      model: 'cross-encoder/ms-marco-MiniLM-L-12-v2',
      data: 'alvations/esci-data-task1',
      settings: 'cross-encoder · MSE · 3 epochs · rate 7e-6',
    });
  });

  it.each(readdirSync(CONFIGS))('%s has no problem', (file) => {
    expect(summariseExperiment(readFileSync(new URL(file, CONFIGS), 'utf8')).settings).toMatch(
      /encoder · .+ · \d+ epochs? · rate /,
    );
  });

  it('counts problems, and keeps what a broken text tells', () => {
    expect(summariseExperiment('model: { name: m }\ndata: { uri: d }\nhyperparameters: { num_epochs: 0 }\n')).toEqual({
      model: 'm',
      data: 'd',
      settings: '1 problem',
    });
    expect(summariseExperiment('model: [').settings).toMatch(/^\d+ problems?$/);
  });
});

describe('the name of an experiment', () => {
  it('is that of its file', () => {
    expect(['/a/b.yml', '/a/b.esci.yml', '/a/b.YAML'].map(experimentName)).toEqual(['b', 'b', 'b']);
  });
});
