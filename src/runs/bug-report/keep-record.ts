/** What of `run.json` may stand in a problem report. */
import { RANKERS } from '../../vocabulary/ranker.ts';
import { RUN_STATUSES } from '../../vocabulary/status.ts';
import type { Machine, ProcessIdentity, RunRecord } from '../../protocol/run-record.ts';
import { keepCpu } from './keep-cpu.ts';
import {
  keepFields,
  keepFlag,
  keepMap,
  keepMetricName,
  keepMetrics,
  keepNumber,
  keepProblem,
  keepRunId,
  keepVersion,
  keepWord,
  leaveOut,
} from './keep.ts';
import type { KeepFields } from './keep.ts';

const bySplit = keepFields({ train: keepNumber, dev: keepNumber, test: keepNumber });

const DATA: KeepFields<NonNullable<RunRecord['data']>> = {
  fingerprint: leaveOut,
  source: leaveOut,
  isSynthetic: keepFlag,
  nQueries: bySplit,
  nJudgements: bySplit,
};

const MACHINE: KeepFields<Machine> = {
  platform: keepWord(['aix', 'android', 'darwin', 'freebsd', 'linux', 'openbsd', 'sunos', 'win32']),
  arch: keepWord(['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']),
  cpu: keepCpu,
  nCores: keepNumber,
  memoryBytes: keepNumber,
  node: keepVersion,
};

const PROCESS: KeepFields<ProcessIdentity> = {
  pid: keepNumber,
  startTime: leaveOut,
  host: leaveOut,
};

const RECORD: KeepFields<RunRecord> = {
  version: keepNumber,
  id: keepRunId,
  name: leaveOut,
  job: keepWord(['train', 'evaluate']),
  status: keepWord(RUN_STATUSES),
  createdAt: keepNumber,
  startedAt: keepNumber,
  endedAt: keepNumber,
  activeMs: keepNumber,
  process: keepFields(PROCESS),
  experimentFile: leaveOut,
  problem: keepProblem,
  git: leaveOut,
  packages: keepMap(
    (name) => /^(?:onnxruntime-(?:node|common)|@huggingface\/(?:tokenizers|transformers)|hyparquet)$/.test(name),
    keepVersion,
  ),
  machine: keepFields(MACHINE),
  seed: keepNumber,
  data: keepFields(DATA),
  baseline: keepRunId,
  lastStep: keepNumber,
  totalSteps: keepNumber,
  best: keepFields({ step: keepNumber, loss: keepNumber, metrics: keepMetrics }),
  test: keepMap((ranker) => RANKERS.some((known) => known === ranker), keepMetrics),
  headline: keepMetricName,
};

/** What may be told of a run's record, whatever is in the file: a parsed run.json, broken or not. */
export const keepRecord = keepFields(RECORD);
