/** What a run panel reads: served by a worker of the host from the run folder alone. */
import { flag, list, nonEmptyText, object, oneOf, optional, text, count, objectWith } from '../../vocabulary/check.ts';
import type { Check } from '../../vocabulary/check.ts';
import { checkRunAnnotation, checkRunRecord } from '../guards.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import { problemCheck } from '../../vocabulary/problem.ts';
import type { Contract } from '../rpc.ts';
import type { RunAnnotation } from '../run-annotation.ts';
import { SHOWN_STATUSES } from '../../vocabulary/status.ts';
import type { ShownStatus } from '../../vocabulary/status.ts';
import type { RunRecord } from '../run-record.ts';
import type { Checked } from '../../vocabulary/check.ts';
import { queryPageCheck, queryPageRequestCheck, rankingCheck, rankingsSummaryCheck } from './queries.ts';
import type { PanelRanking, QueryPage, QueryPageRequest, RankingsSummary } from './queries.ts';
import { runUpdateCheck } from './run-updates.ts';
import type { RunUpdate } from './run-updates.ts';

/** What is known of a run beside its events. */
export interface RunAbout {
  readonly record: RunRecord;
  readonly annotation: RunAnnotation;
  readonly status: ShownStatus;
  /** Whether there is a checkpoint to go on from. */
  readonly isResumable: boolean;
  /** What lists call the run that this one is compared with; absent where there is none, or it is gone. */
  readonly baselineTitle?: string;
}

export interface RunDataCalls {
  /** Starts the stream of notices anew; everything is told again. */
  open(params: Record<string, never>): RunAbout;
  /** The experiment's text as it was started. */
  experiment(params: Record<string, never>): { readonly text: string };
  /** The stored test rankings; absent while there are none. */
  rankings(params: Record<string, never>): { readonly summary?: RankingsSummary };
  page(params: QueryPageRequest): QueryPage;
  ranking(params: { readonly id: string }): PanelRanking;
  /** The last lines of the trainer's log. */
  log(params: { readonly nLines: number }): { readonly lines: readonly string[] };
}

export interface RunDataNotices {
  update: RunUpdate;
  about: RunAbout;
  /** The run folder cannot be read any more. */
  problem: Problem;
}

/** A check from a guard of a whole file. */
function guarded(guard: (value: unknown) => Checked<unknown>): Check {
  return (value) => {
    const checked = guard(value);
    return checked.ok ? [] : checked.wrongs;
  };
}

const nothing = objectWith({});

const aboutCheck = object<RunAbout>({
  record: guarded(checkRunRecord),
  annotation: guarded(checkRunAnnotation),
  status: oneOf(SHOWN_STATUSES),
  isResumable: flag,
  baselineTitle: optional(text),
});

export const RUN_DATA: Contract<RunDataCalls, RunDataNotices> = {
  api: 'run-data',
  calls: {
    open: { params: nothing, reply: aboutCheck },
    experiment: { params: nothing, reply: object<{ text: string }>({ text }) },
    rankings: {
      params: nothing,
      reply: object<{ summary?: RankingsSummary }>({ summary: optional(rankingsSummaryCheck) }),
    },
    page: { params: queryPageRequestCheck, reply: queryPageCheck },
    ranking: { params: object<{ id: string }>({ id: nonEmptyText }), reply: rankingCheck },
    log: {
      params: object<{ nLines: number }>({ nLines: count }),
      reply: object<{ lines: string[] }>({ lines: list(text) }),
    },
  },
  notices: { update: runUpdateCheck, about: aboutCheck, problem: problemCheck },
};
