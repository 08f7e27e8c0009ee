/** Lines that stay on the screen: what a person wants to read again after a run. */
import type { Problem } from '../../vocabulary/problem.ts';
import type { EvaluationEvent, RunEvent } from '../../protocol/events.ts';
import { ownOf } from '../../vocabulary/own.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { metricText } from '../../vocabulary/words/metric.ts';
import { counted, lossText } from '../../vocabulary/words/number.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import type { Paint } from './paint.ts';

type Rule<K extends RunEvent['type']> = (
  event: Extract<RunEvent, { type: K }>,
  state: RunState,
  paint: Paint,
) => string | undefined;

const none = () => undefined;

/** What stays of each event. Results and ends are told by the report at the end. */
const rules: { readonly [K in RunEvent['type']]: Rule<K> } = {
  started: (e) => {
    const sizes =
      e.totalSteps === 0
        ? `evaluating on ${counted(e.nTestQueries, 'test query', 'test queries')}`
        : `training on ${counted(e.nTrainPairs, 'pair')}, ${counted(e.totalSteps, 'step')}; ` +
          `${counted(e.nDevQueries, 'dev query', 'dev queries')}, ${counted(e.nTestQueries, 'test query', 'test queries')}`;
    return `${sizes}; ${e.device}, ${e.threads === 0 ? 'all cores' : counted(e.threads, 'thread')}`;
  },
  progress: none,
  step: none,
  evaluation: (e, state, paint) => evaluationLine(e, state, paint),
  // Each evaluation is followed by a checkpoint: only one on its own, at a stop, is news.
  checkpoint: (e, { evaluations }) =>
    evaluations.some(({ step }) => step === e.step) ? undefined : `checkpoint ${e.name} (${bytesText(e.bytes)})`,
  warning: ({ problem }, _state, paint) => `${paint('yellow', 'warning:')} ${warningText(problem)}`,
  test: none,
  comparison: none,
  system: none,
  resumed: (e) =>
    e.fromStep === 0 ? 'resumed from the beginning: there was no checkpoint' : `resumed from step ${e.fromStep}`,
  trained: (e) =>
    `trained ${counted(e.step, 'step')} (${e.reason}); the best model, of step ${e.bestStep}, is restored`,
  stopped: none,
  finished: none,
  failed: none,
};

/** The line that stays of an event; undefined for one that leaves none. `state` is the run's after the event's batch. */
export function eventLine(event: RunEvent, state: RunState, paint: Paint): string | undefined {
  return (rules[event.type] as Rule<RunEvent['type']>)(event, state, paint);
}

/** A warning in one line. */
export function warningText({ where, message, next }: Problem): string {
  return `${where === undefined ? '' : `${where}: `}${message}${next === undefined ? '' : ` ${next}`}`;
}

/** `step 120  epoch 1.26  dev loss 0.04321  ESCI nDCG 0.8421  best`. */
export function evaluationLine(e: EvaluationEvent, { started }: RunState, paint: Paint): string {
  const headline = started?.headline ?? Object.keys(e.metrics)[0] ?? '';
  const value = ownOf(e.metrics, headline);
  const patience = started === undefined ? '' : ` of ${started.patience}`;
  // The best result may be better by less than early stopping asks for.
  const what = e.isBest ? 'below threshold' : 'no improvement';
  return [
    `step ${e.step}`,
    `epoch ${e.epoch.toFixed(2)}`,
    `dev loss ${lossText(e.loss)}`,
    ...(value === undefined ? [] : [`${metricLabel(headline)} ${metricText(value)}`]),
    ...(e.isBest ? [paint('green', 'best')] : []),
    ...(e.nWithoutImprovement === 0 ? [] : [paint('dim', `${what} ${e.nWithoutImprovement}${patience}`)]),
  ].join('  ');
}
