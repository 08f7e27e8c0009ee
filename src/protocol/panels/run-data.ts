/** What a run panel reads: served by a worker of the host from the run folder alone. */
import { count, flag, list, nonEmptyText, object, oneOf, optional, text } from '../../vocabulary/check.ts';
import type { Check, Checked, Infer } from '../../vocabulary/check.ts';
import { problemCheck } from '../../vocabulary/problem.ts';
import { SHOWN_STATUSES } from '../../vocabulary/status.ts';
import { contract, nothing } from '../rpc.ts';
import type { CallsOf } from '../rpc.ts';
import { checkRunAnnotation } from '../run-annotation.ts';
import { checkRunRecord } from '../run-record.ts';
import { panelRankingCheck, queryPageCheck, queryPageRequestCheck, rankingsSummaryCheck } from './queries.ts';
import { runUpdateCheck } from './run-updates.ts';

/** A check from that of a whole file. */
function wholeFile<T>(checkFile: (value: unknown) => Checked<T>): Check<T> {
  return (value) => {
    const checked = checkFile(value);
    return checked.ok ? [] : checked.wrongs;
  };
}

const runAboutCheck = object({
  record: wholeFile(checkRunRecord),
  annotation: wholeFile(checkRunAnnotation),
  status: oneOf(SHOWN_STATUSES),
  /** Whether there is a checkpoint to go on from. */
  isResumable: flag,
  /** What lists call the run that this one is compared with; absent where there is none, or it is gone. */
  baselineTitle: optional(text),
});

/** What is known of a run beside its events. */
export type RunAbout = Infer<typeof runAboutCheck>;

const calls = {
  /** Starts the stream of notices anew; everything is told again. */
  open: { params: nothing, reply: runAboutCheck },
  /** The experiment's text as it was started. */
  experiment: { params: nothing, reply: object({ text }) },
  /** The stored test rankings; absent while there are none. */
  rankings: { params: nothing, reply: object({ summary: optional(rankingsSummaryCheck) }) },
  page: { params: queryPageRequestCheck, reply: queryPageCheck },
  ranking: { params: object({ id: nonEmptyText }), reply: panelRankingCheck },
  /** The last lines of the trainer's log. */
  log: { params: object({ nLines: count }), reply: object({ lines: list(text) }) },
};

export type RunDataCalls = CallsOf<typeof calls>;

export const RUN_DATA = contract('run-data', calls, {
  update: runUpdateCheck,
  about: runAboutCheck,
  /** The run folder cannot be read any more. */
  problem: problemCheck,
});
