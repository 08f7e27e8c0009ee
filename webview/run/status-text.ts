/** A run's state in words: pure functions of what is known of it. */
import { PHASE_WORDS } from '../../src/vocabulary/phase.ts';
import { STATUSES } from '../../src/vocabulary/status.ts';
import { durationOf } from '../../src/protocol/run-record.ts';
import { agoText } from '../../src/vocabulary/words/time.ts';
import { significantText, countText } from '../../src/vocabulary/words/number.ts';
import { duration } from '../shared/format.ts';
import { isOver } from '../../src/vocabulary/status.ts';
import type { RunSnapshot } from './run-snapshot.ts';

/** What it is doing, or how and when it ended. */
export function statusText({ about, facts }: RunSnapshot): string {
  if (about === undefined) return '';
  if (about.status === 'running' && facts?.phase !== undefined) return PHASE_WORDS[facts.phase];
  if (about.status === 'running') return 'starting';
  const { endedAt } = about.record;
  return STATUSES[about.status].word + (endedAt === undefined ? '' : ` ${agoText(endedAt)}`);
}

/** How far it is, how fast, and on what. */
export function factsText({ facts, about, pairsPerSecond, remainingMs }: RunSnapshot): string {
  const started = facts?.started;
  if (facts === undefined || started === undefined) return '';
  const active = about !== undefined && !isOver(about.status);
  const { progress } = facts;
  const epochs = started.stepsPerEpoch > 0 ? started.totalSteps / started.stepsPerEpoch : 0;
  const took = about === undefined ? undefined : durationOf(about.record);
  const isTraining = started.totalSteps > 0;
  const early = facts.trained?.reason === 'early stopping' ? facts.trained : undefined;
  return [
    isTraining
      ? `${early === undefined ? '' : 'stopped early at '}step ${countText(facts.step)} / ${countText(started.totalSteps)}`
      : undefined,
    early === undefined ? undefined : `best at step ${countText(early.bestStep)}`,
    isTraining ? `epoch ${facts.epoch.toFixed(1)} / ${Number(epochs.toFixed(1))}` : undefined,
    active && progress !== undefined ? progressText(progress) : undefined,
    pairsPerSecond === undefined ? undefined : `${significantText(Number(pairsPerSecond.toPrecision(2)))} pairs/s`,
    active && remainingMs !== undefined && remainingMs > 0 ? `${duration(remainingMs)} left` : undefined,
    !active && took !== undefined ? `took ${duration(took)}` : undefined,
    started.threads > 0 ? `${started.device}, ${started.threads} threads` : started.device,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function progressText({ done, total, what }: { done: number; total: number | null; what: string }): string {
  return `${countText(done)}${total === null ? '' : ` of ${countText(total)}`} ${what}`;
}

/** The share of what is being done; undefined when no one knows. */
export function progressShare({ facts }: RunSnapshot): number | undefined {
  const { progress, started, step } = facts ?? {};
  if (progress !== undefined)
    return progress.total === null || progress.total === 0 ? undefined : progress.done / progress.total;
  if (started === undefined || started.totalSteps === 0) return undefined;
  return Math.min(1, (step ?? 0) / started.totalSteps);
}
