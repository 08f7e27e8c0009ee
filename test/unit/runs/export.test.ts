import { describe, expect, it } from 'vitest';
import { NO_ANNOTATION } from '../../../src/protocol/run-annotation.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { comparisonsCsv, evaluationsCsv, runJson, stepsCsv, testsCsv } from '../../../src/runs/export.ts';
import { evaluation, ONE_OF_EACH, started, step } from './events.ts';

const state = foldEvents(NO_EVENTS, [
  started(),
  step(1),
  step(2),
  evaluation(2, { metrics: { esci_ndcg: 0.8, 'odd, "name"': 1 } }),
  ONE_OF_EACH.test,
  { ...ONE_OF_EACH.test, ranker: 'ideal', metrics: { mrr: 1 } },
  { ...ONE_OF_EACH.test, ranker: 'pretrained', metrics: {} },
  { ...ONE_OF_EACH.test, ranker: 'baseline', metrics: {} },
  { ...ONE_OF_EACH.test, ranker: 'fine-tuned', metrics: {} },
  ONE_OF_EACH.comparison,
]);

describe('export', () => {
  it('writes a row per step, evaluation, ranker and metric', () => {
    expect(stepsCsv(state)).toBe(
      'step,t,epoch,loss,lr,gradNorm,nPairs,nTokens,ms\n' +
        '1,1001,0.02,1,0.00001,0.5,32,640,500\n2,1002,0.04,0.5,0.00001,0.5,32,640,500\n',
    );
    expect(evaluationsCsv(state)).toBe(
      'step,epoch,loss,esci_ndcg,"odd, ""name""",isBest,ms\n2,0.04,0.5,0.8,1,true,2000\n',
    );
    expect(testsCsv(state)).toBe(
      'ranker,nQueries,esci_ndcg,mrr\nbm25,20,0.7,\nideal,20,,1\npretrained,20,,\nbaseline,20,,\nfine-tuned,20,,\n',
    );
    expect(comparisonsCsv(state)).toBe(
      'metric,model,base,meanDelta,low,high,p,wins,ties,losses\n' +
        'esci_ndcg,fine-tuned,baseline,-0.01,-0.02,0.001,0.04,3,1,4\n',
    );
  });

  it('writes headers alone for a run without events', () => {
    expect(evaluationsCsv(NO_EVENTS)).toBe('step,epoch,loss,isBest,ms\n');
  });

  it('writes all of a run as JSON', () => {
    const record = {
      version: 1,
      id: 'i',
      name: 'n',
      job: 'train',
      status: 'finished',
      createdAt: 1,
      experimentFile: 'f',
    } as const;
    const all = JSON.parse(runJson(record, NO_ANNOTATION, state)) as Record<string, unknown>;
    expect(all['record']).toEqual(record);
    expect(all['steps']).toEqual(state.steps);
    expect(all['tests']).toEqual(state.tests);
  });
});
