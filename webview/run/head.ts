import type { Phase } from '../../src/vocabulary/phase.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { STATUSES } from '../../src/vocabulary/status.ts';
import { durationOf } from '../../src/protocol/run-record.ts';
import { h, icon, setAttr, setText, show } from '../shared/dom.ts';
import { absolute, ago, compact, delta, duration, holdsZero, interval, metric, whole } from '../shared/format.ts';
import { metricDefinition, metricLabel } from '../shared/metric-name.ts';
import { isActive } from '../shared/status.ts';
import { tooltip } from '../shared/tooltip.ts';
import { button, tag } from '../shared/ui.ts';
import type { RunModel } from './model.ts';
import { baselineName, referenceOf } from './reference.ts';

/** What a run is doing, in words. */
const PHASE_WORDS = {
  download: 'downloading',
  data: 'reading data',
  pretrained: 'scoring the pretrained model',
  train: 'training',
  test: 'evaluating on test',
  export: 'saving the model',
} as const satisfies Readonly<Record<Phase, string>>;

export interface Head {
  readonly element: HTMLElement;
  draw(): void;
}

/** Name, status, progress and headline of a run, and what can be done with it. */
export function createHead(model: RunModel, act: (action: RunAction, runId?: string) => void): Head {
  const name = h('h1');
  const badges = h('span', { class: 'badges' });
  const statusIcon = icon('sync');
  const statusWord = h('span');
  const status = h('span', { class: 'status', attrs: { role: 'status' } }, statusIcon, statusWord);
  const facts = h('span', { class: 'facts num' });
  const bar = h('div', { class: 'progress-bar' });
  const progress = h(
    'div',
    {
      class: 'progress',
      attrs: { role: 'progressbar', 'aria-label': 'Progress of the run', 'aria-valuemin': 0, 'aria-valuemax': 100 },
    },
    bar,
  );
  const headlineLabel = h('span', { class: 'headline-label', attrs: { tabindex: 0 } });
  const headlineValue = h('span', { class: 'headline-value num' });
  const restText = h('span');
  const baselineLink = h('button', {
    class: 'plain-button link',
    attrs: { title: 'Open the baseline', hidden: true },
    on: { click: () => act('openRun', model.about?.record.baseline) },
  });
  const headlineRest = h('span', { class: 'headline-rest num' }, restText, baselineLink);
  const headline = h('div', { class: 'headline' }, headlineLabel, headlineValue, headlineRest);
  let described = '';

  const buttons = {
    stop: button({ label: 'Stop', icon: 'debug-stop', onClick: () => act('stop') }),
    resume: button({ label: 'Resume', icon: 'debug-continue', onClick: () => act('resume') }),
    startAgain: button({
      label: 'Start Again',
      icon: 'debug-restart',
      isSecondary: true,
      onClick: () => act('startAgain'),
    }),
  };
  const more = [
    button({ label: 'Rename', icon: 'edit', isIconOnly: true, onClick: () => act('rename') }),
    button({ label: 'Compare with other runs', icon: 'git-compare', isIconOnly: true, onClick: () => act('compare') }),
    button({
      label: 'Reveal the run’s folder',
      icon: 'folder-opened',
      isIconOnly: true,
      onClick: () => act('revealFolder'),
    }),
  ];
  const element = h(
    'header',
    { class: 'head' },
    h(
      'div',
      { class: 'head-row' },
      h('div', { class: 'head-name' }, name, badges),
      status,
      facts,
      h('span', { class: 'spacer' }),
      h('div', { class: 'head-actions' }, ...Object.values(buttons), ...more),
    ),
    progress,
  );

  function draw(): void {
    const { about } = model;
    if (about === undefined) return;
    setText(name, about.annotation.title ?? about.record.name);
    setAttr(name, 'title', `${about.record.id}\ncreated ${absolute(about.record.createdAt)}`);
    drawBadges([...(about.record.data?.isSynthetic === true ? ['synthetic'] : []), ...about.annotation.tags]);
    const look = STATUSES[about.status];
    setAttr(statusIcon, 'class', `codicon codicon-${look.icon} status-${about.status}`);
    setText(statusWord, statusText(model));
    setText(facts, factsText(model));
    const active = isActive(about.status);
    show(buttons.stop, active);
    show(buttons.resume, !active && about.isResumable && about.status !== 'finished');
    show(buttons.startAgain, !active);
    drawProgress(active);
    drawHeadline();
  }

  function drawBadges(words: readonly string[]): void {
    if (badges.dataset['words'] === words.join()) return;
    badges.dataset['words'] = words.join();
    badges.replaceChildren(...words.map(tag));
  }

  function drawProgress(active: boolean): void {
    const share = progressShare(model);
    progress.classList.toggle('is-idle', !active);
    progress.classList.toggle('is-unknown', active && share === undefined);
    setAttr(progress, 'aria-valuenow', share === undefined ? undefined : Math.round(share * 100));
    bar.style.setProperty('transform', `scaleX(${active ? (share ?? 1) : 0})`);
  }

  function drawHeadline(): void {
    const { facts: known, evaluations } = model;
    const { about } = model;
    const metricName = known?.started?.headline ?? about?.record.headline;
    const test = known?.tests['fine-tuned'] ?? (about?.record.job === 'evaluate' ? known?.tests.pretrained : undefined);
    const isComing = about !== undefined && isActive(about.status);
    show(headline, metricName !== undefined && (isComing || test !== undefined || evaluations.length > 0));
    if (metricName === undefined) return;
    setText(headlineLabel, `${test === undefined ? 'dev' : 'test'} ${metricLabel(metricName)}`);
    if (described !== metricName) tooltip(headlineLabel, metricDefinition(metricName));
    described = metricName;
    setText(headlineValue, metric(ownOf(test?.metrics, metricName) ?? ownOf(evaluations.at(-1)?.metrics, metricName)));
    show(baselineLink, false);
    if (test !== undefined) drawTestRest(metricName);
    else setText(restText, devRest(model, metricName));
  }

  function drawTestRest(metricName: string): void {
    const comparison = ownOf(model.facts?.comparisons, metricName);
    const reference = referenceOf(model);
    if (comparison === undefined || reference === undefined) {
      setText(restText, '');
      return;
    }
    const isOpen = holdsZero(comparison.interval);
    const direction = comparison.meanDelta > 0 ? '▲ ' : comparison.meanDelta < 0 ? '▼ ' : '';
    const change = `${direction}${delta(comparison.meanDelta)} ${interval(comparison.interval)}`;
    // A baseline that is still there is a link to it.
    const isLinked = reference.base === 'baseline' && model.about?.baselineTitle !== undefined;
    const against = isLinked ? 'the baseline ' : reference.words;
    setText(restText, `${change}${isOpen ? ', not significant,' : ''} against ${against}`);
    setText(baselineLink, baselineName(model));
    show(baselineLink, isLinked);
    headlineRest.classList.toggle('gain', !isOpen && comparison.meanDelta > 0);
    headlineRest.classList.toggle('loss', !isOpen && comparison.meanDelta < 0);
  }

  return { element: h('div', { class: 'head-block' }, element, headline), draw };
}

function statusText({ about, facts }: RunModel): string {
  if (about === undefined) return '';
  if (about.status === 'running' && facts?.phase !== undefined) return PHASE_WORDS[facts.phase];
  if (about.status === 'running') return 'starting';
  const { endedAt } = about.record;
  return STATUSES[about.status].word + (endedAt === undefined ? '' : ` ${ago(endedAt)}`);
}

function factsText(model: RunModel): string {
  const { facts, about, pairsPerSecond, remainingMs } = model;
  const started = facts?.started;
  if (facts === undefined || started === undefined) return '';
  const active = about !== undefined && isActive(about.status);
  const { progress } = facts;
  const epochs = started.stepsPerEpoch > 0 ? started.totalSteps / started.stepsPerEpoch : 0;
  const took = about === undefined ? undefined : durationOf(about.record);
  const isTraining = started.totalSteps > 0;
  const early = facts.trained?.reason === 'early stopping' ? facts.trained : undefined;
  return [
    isTraining
      ? `${early === undefined ? '' : 'stopped early at '}step ${whole(facts.step)} / ${whole(started.totalSteps)}`
      : undefined,
    early === undefined ? undefined : `best at step ${whole(early.bestStep)}`,
    isTraining ? `epoch ${facts.epoch.toFixed(1)} / ${Number(epochs.toFixed(1))}` : undefined,
    active && progress !== undefined ? progressText(progress) : undefined,
    pairsPerSecond === undefined ? undefined : `${compact(Number(pairsPerSecond.toPrecision(2)))} pairs/s`,
    active && remainingMs !== undefined && remainingMs > 0 ? `${duration(remainingMs)} left` : undefined,
    !active && took !== undefined ? `took ${duration(took)}` : undefined,
    started.threads > 0 ? `${started.device}, ${started.threads} threads` : started.device,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function progressText({ done, total, what }: { done: number; total: number | null; what: string }): string {
  return `${whole(done)}${total === null ? '' : ` of ${whole(total)}`} ${what}`;
}

/** The share of what is being done; undefined when no one knows. */
function progressShare({ facts }: RunModel): number | undefined {
  const { progress, started, step } = facts ?? {};
  if (progress !== undefined)
    return progress.total === null || progress.total === 0 ? undefined : progress.done / progress.total;
  if (started === undefined || started.totalSteps === 0) return undefined;
  return Math.min(1, (step ?? 0) / started.totalSteps);
}

function devRest({ evaluations, facts }: RunModel, metricName: string): string {
  const [last, started] = [evaluations.at(-1), facts?.started];
  if (last === undefined || started === undefined)
    return started === undefined ? '' : `first evaluation at step ${started.evalSteps}`;
  const best = facts?.best;
  const ended = facts?.trained?.reason === 'early stopping' ? 'stopped early' : undefined;
  return [
    best === undefined
      ? undefined
      : `best at step ${best.step}: loss ${compact(best.loss)}, ${metric(ownOf(best.metrics, metricName))}`,
    ended ?? `patience ${last.nWithoutImprovement} of ${started.patience}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
