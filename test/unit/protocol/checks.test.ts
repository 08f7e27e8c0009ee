import { describe, expect, it } from 'vitest';
import { checkRunEvent } from '../../../src/protocol/events.ts';
import { checkTrainerJob } from '../../../src/protocol/jobs.ts';
import { checkProbeMessage } from '../../../src/protocol/probe.ts';
import { checkRunAnnotation } from '../../../src/protocol/run-annotation.ts';
import { checkRunRecord } from '../../../src/protocol/run-record.ts';
import { formatWrongs } from '../../../src/vocabulary/check.ts';
import type { Checked } from '../../../src/vocabulary/check.ts';
import type { RunRecord } from '../../../src/protocol/run-record.ts';
import { evaluation, ONE_OF_EACH, started, step } from '../runs/events.ts';

const wrongsOf = (checked: Checked<unknown>) => (checked.ok ? '' : formatWrongs(checked.wrongs));

const record: RunRecord = {
  version: 1,
  id: '20260102-030405-x-abcdef',
  name: 'x',
  job: 'train',
  status: 'running',
  createdAt: 1,
  process: { pid: 7, startTime: 's', host: 'h' },
  experimentFile: '/x.yml',
  git: { commit: 'c', isDirty: false },
  data: {
    fingerprint: 'f',
    source: 's',
    isSynthetic: false,
    nQueries: { train: 1, dev: 1, test: 1 },
    nJudgements: { train: 9, dev: 9, test: 9 },
  },
  best: { step: 3, loss: 0.1, metrics: { esci_ndcg: 0.9 } },
  test: { bm25: { esci_ndcg: 0.7 } },
};

describe('checkRunEvent', () => {
  it.each(Object.entries(ONE_OF_EACH))('accepts %s, also after JSON', (_type, event) => {
    expect(checkRunEvent(JSON.parse(JSON.stringify(event)))).toEqual({ ok: true, value: event });
  });

  it.each(Object.entries(ONE_OF_EACH))('notices each missing field of %s', (_type, event) => {
    const optionalFields = ['step', 'where', 'next'];
    for (const field of Object.keys(event)) {
      const isOptional = optionalFields.includes(field) && ['warning', 'failed'].includes(event.type);
      const without = Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));
      expect(wrongsOf(checkRunEvent(without)).startsWith(`${field}: found nothing`), field).toBe(!isOptional);
    }
  });

  it.each([
    [null, 'found null, expected an object'],
    [[1], 'found a list of 1, expected an object'],
    [{ type: 'stepp', t: 1 }, 'type: found "stepp", expected one of started, progress, step'],
    [{ type: 'toString', t: 1 }, 'type: found "toString", expected one of'],
    [step(3, { loss: NaN }), 'loss: found NaN, expected a finite number'],
    [{ ...step(3), step: '3' }, 'step: found "3", expected a whole number ≥ 0'],
    [{ ...step(3), step: 2.5 }, 'step: found 2.5'],
    [evaluation(2, { metrics: { 'ndcg@10': NaN } }), 'metrics.ndcg@10: found NaN, expected a finite number'],
    [{ ...ONE_OF_EACH.comparison, interval: [1] }, 'interval: found a list of 1, expected a list of 2'],
    [{ ...ONE_OF_EACH.comparison, interval: [1, null] }, 'interval[1]: found null, expected a finite number'],
    [{ ...ONE_OF_EACH.failed, problem: { code: 'x' } }, 'problem.message: found nothing, expected a text'],
    [started({ version: 99 }), 'version: found 99, expected at most 1'],
  ])('says what is wrong with %j', (value, words) => {
    expect(wrongsOf(checkRunEvent(value))).toContain(words);
  });

  it('tells all that is wrong at once and ignores fields that it does not know', () => {
    const wrongs = wrongsOf(checkRunEvent({ ...step(1), lr: 'x', ms: -1 }));
    expect(wrongs).toContain('lr: found "x"');
    expect(wrongs).toContain('ms: found -1');
    expect(checkRunEvent({ ...step(1), gpu: 0.5 }).ok).toBe(true);
  });
});

describe('checkRunRecord', () => {
  it('accepts a full and a minimal record', () => {
    expect(checkRunRecord(record)).toEqual({ ok: true, value: record });
    const { version, id, name, job, status, createdAt, experimentFile } = record;
    expect(checkRunRecord({ version, id, name, job, status, createdAt, experimentFile }).ok).toBe(true);
  });

  it.each([
    [{ status: 'crashed' }, 'status: found "crashed", expected one of queued, running'],
    [{ process: { pid: '7', startTime: 's', host: 'h' } }, 'process.pid: found "7"'],
    [{ data: { ...record.data, nQueries: { train: 1, dev: 1 } } }, 'data.nQueries.test: found nothing'],
    [{ test: { bm25: { esci_ndcg: 'high' } } }, 'test.bm25.esci_ndcg: found "high"'],
    [{ version: 2 }, 'version: found 2, expected at most 1'],
  ])('says where it is wrong: %j', (changes, words) => {
    expect(wrongsOf(checkRunRecord({ ...record, ...changes }))).toContain(words);
  });
});

describe('checkTrainerJob', () => {
  it('accepts both kinds of jobs', () => {
    expect(checkTrainerJob({ kind: 'train', runDir: '/r', resume: true }).ok).toBe(true);
    expect(checkTrainerJob({ kind: 'evaluate', runDir: '/r' }).ok).toBe(true);
    expect(checkTrainerJob({ kind: 'probe', text: '', experimentFile: '/e.yml', runsFolder: '/r' }).ok).toBe(true);
  });

  it.each([
    [{ kind: 'train', runDir: '/r' }, 'resume: found nothing, expected true or false'],
    [{ kind: 'evaluate', runDir: '' }, 'runDir: found "", expected a non-empty text'],
    [{ kind: 'delete', runDir: '/r' }, 'kind: found "delete", expected one of train, evaluate'],
    ['train', 'found "train", expected an object'],
  ])('says what is wrong with %j', (value, words) => {
    expect(wrongsOf(checkTrainerJob(value))).toContain(words);
  });
});

describe('checkRunAnnotation', () => {
  it('accepts what a person says and refuses other things', () => {
    expect(checkRunAnnotation({ title: 'x', tags: ['a'], note: '', isBaseline: true }).ok).toBe(true);
    expect(wrongsOf(checkRunAnnotation({ tags: [1], note: '', isBaseline: true }))).toBe(
      'tags[0]: found 1, expected a text',
    );
  });
});

describe('hostile values', () => {
  const throwing = {
    toString: () => {
      throw new Error('asked for its text');
    },
  };

  it.each([[['step']], [{ toString: () => 'step' }], [throwing], [Object.create(null)], [7], [Symbol('step')], [null]])(
    'a tag that is no text is wrong, and nobody asks it for one',
    (type) => {
      expect(checkRunEvent({ ...step(1), type })).toMatchObject({ ok: false });
      expect(checkTrainerJob({ kind: type, runDir: '/x', resume: false })).toMatchObject({ ok: false });
      expect(checkProbeMessage({ type, what: 'x', done: 1, total: 1 })).toMatchObject({ ok: false });
    },
  );

  it.each([1e300, -1e300, 8.64e15 + 1, Infinity, NaN])('a time of %d is none', (time) => {
    expect(wrongsOf(checkRunRecord({ ...record, createdAt: time }))).toContain('createdAt');
    expect(wrongsOf(checkRunRecord({ ...record, endedAt: time }))).toContain('endedAt');
    expect(wrongsOf(checkRunEvent(step(1, { t: time })))).toContain('t: ');
  });

  it('refuses what is nested without end, in fields of its own too', () => {
    let deep: unknown = 0;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const round: Record<string, unknown> = { ...record };
    round['self'] = round;
    expect(wrongsOf(checkRunRecord({ ...record, more: deep }))).toContain('at most 32 levels');
    expect(wrongsOf(checkRunRecord(round))).toContain('at most 32 levels');
    expect(wrongsOf(checkRunAnnotation({ tags: [], note: '', isBaseline: true, more: { deep } }))).toContain('levels');
  });

  it('looks at names that objects inherit as at others', () => {
    const parsed = JSON.parse(JSON.stringify(record).replace('"bm25"', '"__proto__"')) as unknown;
    expect(checkRunRecord(parsed)).toMatchObject({ ok: true });
    expect(checkRunRecord({ ...record, test: JSON.parse('{"__proto__":7}') })).toMatchObject({ ok: false });
  });

  it('tells of a list with billions of holes, of long names and of thousands of wrongs in a few words', () => {
    const holes: string[] = [];
    holes.length = 2 ** 32 - 1;
    const metrics = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`${'m'.repeat(1000)}${i}`, null]));
    for (const checked of [
      checkRunAnnotation({ tags: holes, note: '', isBaseline: false }),
      checkRunRecord({ ...record, test: { bm25: metrics } }),
    ]) {
      expect(checked.ok).toBe(false);
      expect(wrongsOf(checked).length).toBeLessThan(5000);
    }
  });
});
