import { describe, expect, it } from 'vitest';
import { readExperiment } from '../../../src/config/check/parse-experiment.ts';
import { reportMarkdown } from '../../../src/host/dry-run/report-markdown.ts';
import type { ProbeReport } from '../../../src/protocol/probe.ts';

const experiment = readExperiment('model: { name: "a/b" }\ndata: { uri: "c/d" }\n', 'x.yml');

const report: ProbeReport = {
  nParameters: 22_565_376,
  nTrained: 384,
  data: {
    source: 'joined files in c`|d',
    isSynthetic: true,
    nQueries: { train: 192, dev: 24, test: 72 },
    nJudgements: { train: 2000, dev: 360, test: 1080 },
    labels: { E: 1000, S: 500, C: 250, I: 250 },
  },
  tokens: { nSequences: 2000, mean: 16.52, p95: 31, max: 600, nTruncated: 5 },
  samples: [{ query: 'q', product: 'p', label: 'E', sequences: ['[CLS] ``` # not a heading\n**x** [SEP]'] }],
  totalSteps: 1234,
  evalSteps: 18,
  nTrainPairs: 2000,
  cost: {
    prepareMs: 1000,
    trainMs: 60_000,
    evaluateMs: 30_000,
    testMs: 9000,
    memoryBytes: 1.7e9,
    diskBytes: 7e8,
    freeDiskBytes: 7.5e10,
    nTimedSteps: 5,
  },
  warnings: ['3 titles are <empty>'],
};

describe('the report of a dry run', () => {
  const text = reportMarkdown('my_config', report, experiment);

  it('adds up the time and names the parts', () => {
    expect(text).toContain('| Time | about **1m 40s** on cpu: training 1m 00s, evaluations on dev 30s, test 9s.');
    expect(text).toContain('| Memory | about 1.7 GB |\n| Disk | about 700 MB; 75 GB free |');
  });

  it('says what is read: label mix, lengths, what is cut', () => {
    expect(text).toContain('| Labels | E 50.0 % · S 25.0 % · C 12.5 % · I 12.5 % |');
    expect(text).toContain('16.5 on average, 95 % up to 31, longest 600; **0.3 %** truncated at `max_length: 512`');
    expect(text).toContain('22,565,376 parameters, 384 of them trained');
  });

  it('shows texts of model and data as they are', () => {
    expect(text).toContain('# Dry run of my\\_config');
    expect(text).toContain('`` joined files in c`\\|d `` (synthetic)');
    expect(text).toContain('\n    [CLS] ``` # not a heading **x** [SEP]\n');
    expect(text).toContain('- 3 titles are \\<empty\\>');
    // A carriage return alone ends a line in Markdown, and with it a block of code.
    const samples = [
      { query: 'q', product: 'p', label: 'E' as const, sequences: ['a\r\r[b](https://example.org)\rc'] },
    ];
    const warnings = ['a\r\r![b](https://example.org/seen.png)'];
    const hostile = reportMarkdown('a\rb', { ...report, samples, warnings }, experiment);
    expect(hostile).not.toContain('\r');
    expect(hostile).toContain('\n    a [b](https://example.org) c\n');
    expect(hostile).toContain('- a \\!\\[b\\]\\(https\\:');
  });
});
