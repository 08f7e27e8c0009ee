import type { Problem } from '../../src/vocabulary/problem.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { skippedText } from '../../src/protocol/skipped-lines.ts';
import { Notice } from '../shared/components/notice.tsx';
import type { RunSnapshot } from './run-snapshot.ts';

export interface NoticesProps {
  readonly run: RunSnapshot;
  /** Of the panel itself. */
  readonly problem: Problem | undefined;
  readonly act: (action: RunAction) => void;
}

interface RunNotice {
  readonly kind: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly detail: string | undefined;
  readonly actions: readonly { readonly label: string; readonly action: RunAction }[];
}

/** What a person has to know now: failure, crash, silence, stop, warnings; each with the next step. */
export function Notices({ run, problem, act }: NoticesProps) {
  return (
    <div class="notices" role="status" aria-live="polite">
      {noticesOf(run, problem).map(({ actions, ...notice }) => (
        <Notice {...notice} actions={actions.map(({ label, action }) => ({ label, onClick: () => act(action) }))} />
      ))}
    </div>
  );
}

const LOG = { label: 'Show Log', action: 'showLog' } as const;
const REPORT = { label: 'Report…', action: 'reportProblem' } as const;
const RESUME = { label: 'Resume', action: 'resume' } as const;

/** Warnings that are shown, the latest: a run has a few, a broken log may have any number. */
const MAX_WARNINGS = 50;

function noticesOf({ about, facts }: RunSnapshot, problem: Problem | undefined): RunNotice[] {
  const notices: RunNotice[] = [];
  if (problem !== undefined)
    notices.push({ kind: 'error', title: problem.message, detail: detailOf(problem), actions: [] });
  const resume = about?.isResumable === true ? [RESUME] : [];
  const failure = facts?.failed?.problem ?? about?.record.problem;
  if (about?.status === 'failed') {
    notices.push({
      kind: 'error',
      title: failure?.message ?? 'The run failed.',
      detail: failure && detailOf(failure),
      actions: [...resume, LOG, REPORT],
    });
  }
  if (about?.status === 'crashed') {
    const detail =
      resume.length > 0
        ? 'What was trained up to the last checkpoint is kept. The end of the trainer’s log is below.'
        : 'There is no checkpoint yet to go on from. The end of the trainer’s log is below.';
    notices.push({
      kind: 'error',
      title: 'The trainer ended without a word.',
      detail,
      actions: [...resume, LOG, REPORT],
    });
  }
  if (about?.status === 'stale') {
    const detail =
      'Its process is still there: the machine may have slept or be short of memory. It may go on by itself.';
    notices.push({
      kind: 'warning',
      title: 'The trainer has been silent for more than 15 seconds.',
      detail,
      actions: [LOG],
    });
  }
  if (about?.status === 'stopped') {
    notices.push({
      kind: 'info',
      title: `Stopped at step ${facts?.step ?? about.record.lastStep ?? 0}.`,
      detail: undefined,
      actions: resume,
    });
  }
  const warnings = facts?.warnings ?? [];
  const nEarlier = warnings.length - MAX_WARNINGS;
  if (nEarlier > 0) {
    notices.push({
      kind: 'info',
      title: `${nEarlier} earlier warnings are not shown.`,
      detail: undefined,
      actions: [],
    });
  }
  for (const warning of warnings.slice(-MAX_WARNINGS)) {
    const kind = warning.problem.code === 'data-note' ? 'info' : 'warning';
    notices.push({ kind, title: warning.problem.message, detail: detailOf(warning.problem), actions: [] });
  }
  const skipped = facts === undefined ? undefined : skippedText(facts.skipped);
  if (skipped !== undefined) notices.push({ kind: 'warning', title: skipped, detail: undefined, actions: [] });
  return notices;
}

function detailOf({ where, next }: Problem): string | undefined {
  const parts = [where, next].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' · ');
}
