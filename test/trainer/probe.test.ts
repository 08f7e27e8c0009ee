/** Dry runs by a real trainer. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { probeExperiment } from '../../src/process/probe-experiment.ts';
import { totalMs } from '../../src/protocol/probe.ts';
import { ProblemError } from '../../src/vocabulary/problem.ts';
import { temporaryFolder, tinyExperiment, writeTinyData, writeTinyModel } from './tiny-run.ts';

const script = fileURLToPath(new URL('../../dist/trainer.js', import.meta.url));
const folder = temporaryFolder();
let model: string;
let data: string;
beforeAll(() => {
  model = writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'data'));
});

function probe(text: string, signal?: AbortSignal, onProgress?: () => void) {
  return probeExperiment({
    node: { command: process.execPath, env: {}, source: 'own' },
    script,
    job: { kind: 'probe', text, experimentFile: join(folder, 'tiny.yml'), runsFolder: join(folder, 'runs') },
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

describe('a dry run', () => {
  it('says what a cross-encoder would read, learn and take, and leaves nothing behind', async () => {
    const before = readdirSync(folder);
    const report = await probe(tinyExperiment(model, data, { max_length: 12 }));
    expect(report.data.nQueries).toEqual({ train: 12, dev: 4, test: 5 });
    expect(report.data.nJudgements).toEqual({ train: 72, dev: 24, test: 30 });
    expect(report.data.labels).toEqual({ E: 24, S: 12, C: 12, I: 24 });
    expect([report.totalSteps, report.evalSteps, report.nTrainPairs]).toEqual([27, 4, 72]);
    expect(report.nTrained).toBe(report.nParameters);
    expect(report.tokens.nSequences).toBe(72);
    expect(report.tokens.max).toBeGreaterThanOrEqual(report.tokens.p95);
    expect(report.samples.map(({ label }) => label)).toEqual(['E', 'S', 'C']);
    for (const { query, sequences } of report.samples) {
      expect(sequences).toHaveLength(1);
      expect(sequences[0]).toMatch(new RegExp(`^\\[CLS\\] ${query} \\[SEP\\] .+ \\[SEP\\]$`));
    }
    expect(report.cost.nTimedSteps).toBeGreaterThan(0);
    expect(totalMs(report)).toBeGreaterThan(report.cost.prepareMs);
    expect(report.cost.diskBytes).toBe(9 * 4 * report.nParameters);
    expect(report.warnings.join('\n')).not.toMatch(/undefined|NaN/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('counts what is truncated, and shows it cut', async () => {
    const report = await probe(tinyExperiment(model, data, { max_length: 8 }));
    expect(report.tokens.nTruncated).toBe(72);
    for (const { sequences } of report.samples) expect(sequences[0]!.split(' ')).toHaveLength(8);
  });

  it('leaves frozen blocks out, and reads both texts of a bi-encoder', async () => {
    const frozen = 'training_blocks: [{ block_name: encoder, training: false }]\n';
    const report = await probe(`${tinyExperiment(model, data, {}, 'bi-encoder')}${frozen}`);
    expect(report.nTrained).toBeLessThan(report.nParameters);
    expect(report.tokens.nSequences).toBe(144);
    expect(report.samples[0]!.sequences).toHaveLength(2);
  });

  it('says what is wrong with the data, as a run would', async () => {
    const text = tinyExperiment(model, join(folder, 'nowhere', 'at', 'all'));
    const error: unknown = await probe(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem.message).not.toMatch(/ended before/);
  });

  it('ends when it is given up', async () => {
    const stop = new AbortController();
    const given = probe(tinyExperiment(model, data), stop.signal, () => stop.abort(new Error('given up')));
    await expect(given).rejects.toThrow('given up');
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });
});
