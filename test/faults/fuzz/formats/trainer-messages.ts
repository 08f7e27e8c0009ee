import { readExperiment } from '../../../../src/config/check/parse-experiment.ts';
import { formatProbe } from '../../../../src/cli/format/format-probe.ts';
import { reportMarkdown } from '../../../../src/host/dry-run/report-markdown.ts';
import { readProbeLine } from '../../../../src/process/probe-experiment.ts';
import type { Checked } from '../../../../src/vocabulary/check.ts';
import { ProblemError } from '../../../../src/vocabulary/problem.ts';
import { readJob } from '../../../../src/trainer/jobs/read-job.ts';
import type { FuzzFormat } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { likeValue } from '../like.ts';
import * as fc from 'fast-check';
import { bytesOf, decode, textOf } from './seeds.ts';

const JOBS = [
  { kind: 'train', runDir: '/runs/a', resume: true },
  { kind: 'evaluate', runDir: '/runs/a' },
  { kind: 'probe', text: 'model: {name: x}\n', experimentFile: '/x.yml', runsFolder: '/runs' },
];

/** The first argument of a trainer. */
export const trainerJob: FuzzFormat = {
  ending: 'json',
  parts: ['json'],
  seeds: () => JOBS.map((job) => bytesOf(JSON.stringify(job))),
  arbitrary: () => fc.oneof(...JOBS.map(likeValue)).map((tree) => bytesOf(printTree(tree))),
  words: ['kind', 'train', 'evaluate', 'probe', 'runDir', 'resume', 'text'],
  readers: { read: (bytes) => readJob(decode(bytes)) },
};

const counts = { train: 1, dev: 2, test: 3 };
const REPORT = {
  nParameters: 10,
  nTrained: 5,
  data: { source: 's', isSynthetic: true, nQueries: counts, nJudgements: counts, labels: { E: 1, S: 2, C: 3, I: 4 } },
  tokens: { nSequences: 5, mean: 3.5, p95: 9, max: 12, nTruncated: 0 },
  samples: [{ query: 'q', product: 'p', label: 'E', sequences: ['[CLS] q [SEP]'] }],
  totalSteps: 10,
  evalSteps: 2,
  nTrainPairs: 100,
  cost: {
    prepareMs: 1,
    trainMs: 2,
    evaluateMs: 3,
    testMs: 4,
    memoryBytes: 5,
    diskBytes: 6,
    mostDiskBytes: 7,
    freeDiskBytes: 8,
    nTimedSteps: 9,
  },
  warnings: ['w'],
};
const MESSAGES = [
  { type: 'progress', what: 'bytes', done: 1, total: null },
  { type: 'probed', report: REPORT },
  { type: 'failed', problem: { code: 'disk-full', message: 'm' } },
];

/** A line that a probing trainer prints. */
export const probeMessage: FuzzFormat = {
  ending: 'json',
  parts: ['json'],
  seeds: () => MESSAGES.map((message) => bytesOf(JSON.stringify(message))),
  arbitrary: () => fc.oneof(...MESSAGES.map(likeValue), likeValue(MESSAGES[1])).map((tree) => bytesOf(printTree(tree))),
  words: ['type', 'progress', 'probed', 'failed', 'report', 'cost', 'tokens', 'labels', 'E', 'samples', 'sequences'],
  readers: {
    show: (bytes) => {
      const message = valueOf(readProbeLine(decode(bytes)));
      if (message.type !== 'probed') return message;
      const experiment = readExperiment(textOf('configs/quickstart.yml'), 'x.yml');
      return [
        formatProbe(message.report, experiment, (_style, text) => text),
        reportMarkdown('x', message.report, experiment),
      ];
    },
  },
};

/** What was checked, or the refusal as a problem. */
function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new ProblemError({ code: 'refused', message: `${checked.wrongs.length} wrong` });
}
