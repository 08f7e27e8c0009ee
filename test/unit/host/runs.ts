import { NO_ANNOTATION } from '../../../src/protocol/run-annotation.ts';
import type { RunAnnotation } from '../../../src/protocol/run-annotation.ts';
import type { RunRecord } from '../../../src/protocol/run-record.ts';
import type { RunState } from '../../../src/protocol/run-state.ts';
import type { ReadableRun } from '../../../src/host/runs/live-run.ts';
import type { ShownStatus } from '../../../src/vocabulary/status.ts';

export interface RunFields {
  readonly id?: string;
  readonly name?: string;
  readonly status?: ShownStatus;
  readonly record?: Partial<RunRecord>;
  readonly annotation?: Partial<RunAnnotation>;
  readonly state?: RunState;
}

/** A run as listed, with sensible values. */
export function liveRun({ id = 'a', name = 'quickstart', status = 'finished', ...fields }: RunFields): ReadableRun {
  const record: RunRecord = {
    version: 1,
    id,
    name,
    job: 'train',
    status: status === 'crashed' || status === 'stale' ? 'running' : status,
    createdAt: 0,
    experimentFile: `/configs/${name}.yml`,
    headline: 'esci_ndcg',
    ...fields.record,
  };
  return {
    runsFolder: '/runs',
    state: fields.state,
    run: {
      isReadable: true,
      id,
      runDir: `/runs/${id}`,
      record,
      annotation: { ...NO_ANNOTATION, ...fields.annotation },
      status,
      liveness: undefined,
      annotationProblem: undefined,
    },
  };
}

/** Test metrics of a run: pretrained and fine-tuned headline, with the data they were measured on. */
export function tested(pretrained: number, fineTuned: number, fingerprint = 'x'): Partial<RunRecord> {
  const n = { train: 1, dev: 1, test: 1 };
  return {
    test: { pretrained: { esci_ndcg: pretrained }, 'fine-tuned': { esci_ndcg: fineTuned } },
    data: { fingerprint, source: 's', isSynthetic: false, nQueries: n, nJudgements: n },
  };
}
