import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import { describedBy } from '../shared/components/tooltip.tsx';
import { significantText } from '../../src/vocabulary/words/number.ts';
import { isSignificant, deltaText, intervalText, metricText } from '../../src/vocabulary/words/metric.ts';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import { metricDefinition } from '../shared/metric-definition.ts';
import { isOver } from '../../src/vocabulary/status.ts';
import { baselineName, referenceOf } from './reference.ts';
import type { RunSnapshot } from './run-snapshot.ts';

interface HeadlineProps {
  readonly run: RunSnapshot;
  readonly act: (action: RunAction, runId?: string) => void;
}

/** The one number of a run: on test once that is there, on dev until then. */
export function Headline({ run, act }: HeadlineProps) {
  const { about, facts, evaluations } = run;
  const name = facts?.started?.headline ?? about?.record.headline;
  const test = facts?.tests['fine-tuned'] ?? (about?.record.job === 'evaluate' ? facts?.tests.pretrained : undefined);
  const isComing = about !== undefined && !isOver(about.status);
  if (name === undefined || (!isComing && test === undefined && evaluations.length === 0)) return null;
  const value = ownOf(test?.metrics, name) ?? ownOf(evaluations.at(-1)?.metrics, name);
  return (
    <div class="headline">
      <span class="headline-label" tabIndex={0} {...describedBy(metricDefinition(name))}>
        {test === undefined ? 'dev' : 'test'} {metricLabel(name)}
      </span>
      <span class="headline-value num">{metricText(value)}</span>
      {test === undefined ? (
        <span class="headline-rest num">{devText(run, name)}</span>
      ) : (
        <TestDifference run={run} metricName={name} act={act} />
      )}
    </div>
  );
}

/** What the test differs by, and from what; a baseline that is still there is a link to it. */
function TestDifference({ run, metricName, act }: HeadlineProps & { readonly metricName: string }) {
  const comparison = ownOf(run.facts?.comparisons, metricName);
  const reference = referenceOf(run);
  if (comparison === undefined || reference === undefined) return <span class="headline-rest num" />;
  const isOpen = !isSignificant(comparison.interval);
  const direction = comparison.meanDelta > 0 ? 'gain' : comparison.meanDelta < 0 ? 'loss' : undefined;
  const arrow = direction === undefined ? '' : { gain: '▲ ', loss: '▼ ' }[direction];
  const isLinked = reference.base === 'baseline' && run.about?.baselineTitle !== undefined;
  return (
    <span class={`headline-rest num ${isOpen ? '' : (direction ?? '')}`}>
      <span>
        {arrow}
        {deltaText(comparison.meanDelta)} {intervalText(comparison.interval)}
        {isOpen && ', not significant,'} against {isLinked ? 'the baseline ' : reference.words}
      </span>
      {isLinked && (
        <button
          class="plain-button link"
          title="Open the baseline"
          onClick={() => act('openRun', run.about?.record.baseline)}
        >
          {baselineName(run)}
        </button>
      )}
    </span>
  );
}

function devText({ evaluations, facts }: RunSnapshot, metricName: string): string {
  const [last, started] = [evaluations.at(-1), facts?.started];
  if (last === undefined || started === undefined)
    return started === undefined ? '' : `first evaluation at step ${started.evalSteps}`;
  const best = facts?.best;
  const ended = facts?.trained?.reason === 'early stopping' ? 'stopped early' : undefined;
  return [
    best === undefined
      ? undefined
      : `best at step ${best.step}: loss ${significantText(best.loss)}, ${metricText(ownOf(best.metrics, metricName))}`,
    ended ?? `patience ${last.nWithoutImprovement} of ${started.patience}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
