/** The line that is drawn again and again while a run goes on. */
import type { ProgressEvent } from '../../protocol/events.ts';
import { PHASE_WORDS } from '../../vocabulary/phase.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { lastStep, remainingMs, throughput } from '../../protocol/run-state.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { metricText } from '../../vocabulary/words/metric.ts';
import { countText, lossText, rateText } from '../../vocabulary/words/number.ts';
import { percentText } from '../../vocabulary/words/share.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import type { Paint } from './paint.ts';
import { fitText, oneLine, textWidth } from './text-width.ts';

const BAR_WIDTH = 12;

/** A part of the status line; `rank` 0 stays longest when the line is too long. */
interface Part {
  readonly text: string;
  readonly rank: number;
}

/** The state in one line of at most `width` columns; the least important parts are left out where there is no room. */
export function statusLine(state: RunState, width: number, paint: Paint): string {
  let parts = partsOf(state);
  const joined = () => parts.map(({ text }) => text).join('  ');
  while (parts.length > 1 && textWidth(joined()) > width) {
    const highest = maxOf(parts.map(({ rank }) => rank));
    parts = parts.filter(({ rank }) => rank !== highest);
  }
  return fitText(joined(), width)
    .trimEnd()
    .replace(/━+/, (bar) => paint('cyan', bar));
}

/** The state for a pipe: one plain line without a bar; undefined while there is nothing to say. */
export function plainStatus(state: RunState): string | undefined {
  if (state.status !== 'running' && state.progress === undefined) return undefined;
  const parts = partsOf(state).filter(({ text }) => !/[━─]/.test(text));
  return parts
    .map(({ text }) => text)
    .join('  ')
    .trimEnd();
}

function partsOf(state: RunState): Part[] {
  const { progress, started, phase } = state;
  if (progress !== undefined) return progressParts(progress);
  if (phase === 'train')
    return state.trained === undefined ? stepParts(state) : [{ text: 'training is done', rank: 0 }];
  return [{ text: started === undefined ? 'starting' : 'preparing', rank: 0 }];
}

function progressParts({ phase, what, done, total }: ProgressEvent): Part[] {
  const bytesOf = /^bytes(?: of (.+))?$/.exec(what);
  const subject = oneLine(bytesOf === null ? what : (bytesOf[1] ?? ''));
  const amount = bytesOf === null ? countText : bytesText;
  const counts = total === null ? amount(done) : `${amount(done)}/${amount(total)}`;
  const share = total === null || total <= 1 ? undefined : Math.min(1, done / total);
  return [
    { text: PHASE_WORDS[phase], rank: 0 },
    ...(share === undefined ? [] : [{ text: percentText(share).padStart(5), rank: 1 }]),
    ...(share === undefined ? [] : [{ text: bar(share), rank: 4 }]),
    // One thing that is either done or not is no count.
    ...(total === 1 ? [] : [{ text: counts, rank: 2 }]),
    ...(subject === '' ? [] : [{ text: subject, rank: 3 }]),
  ];
}

function stepParts(state: RunState): Part[] {
  // Numbers are padded, so that parts neither jump nor come and go as digits do.
  const { started, evaluations, step } = state;
  const last = lastStep(state);
  const total = started?.totalSteps ?? 0;
  const share = total === 0 ? 0 : Math.min(1, step / total);
  const evaluation = evaluations.at(-1);
  const headline = started?.headline ?? '';
  const dev = ownOf(evaluation?.metrics, headline);
  const speed = throughput(state);
  const left = remainingMs(state);
  return [
    { text: PHASE_WORDS.train, rank: 0 },
    { text: percentText(share).padStart(5), rank: 1 },
    { text: bar(share), rank: 7 },
    { text: `step ${String(step).padStart(String(total).length)}/${total}`, rank: 2 },
    ...(last === undefined ? [] : [{ text: `epoch ${last.epoch.toFixed(2)}`, rank: 8 }]),
    ...(last === undefined ? [] : [{ text: `loss ${lossText(last.loss).padEnd(7)}`, rank: 3 }]),
    ...(last === undefined ? [] : [{ text: `lr ${rateText(last.lr).padEnd(6)}`, rank: 9 }]),
    ...(dev === undefined ? [] : [{ text: `${metricLabel(headline)} ${metricText(dev)}`, rank: 5 }]),
    ...(speed === undefined
      ? []
      : [{ text: `${speed.pairs.toFixed(speed.pairs < 10 ? 1 : 0).padStart(4)} pairs/s`, rank: 6 }]),
    ...(left === undefined ? [] : [{ text: `ETA ${durationText(left).padEnd(7)}`, rank: 4 }]),
  ];
}

function bar(share: number): string {
  const n = Math.floor(share * BAR_WIDTH);
  return '━'.repeat(n) + '─'.repeat(BAR_WIDTH - n);
}
