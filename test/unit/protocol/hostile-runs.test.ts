import { deltaText, metricText, scoreText } from '../../../src/vocabulary/words/metric.ts';
import { countText, significantText } from '../../../src/vocabulary/words/number.ts';
import { pValueText } from '../../../src/vocabulary/words/p-value.ts';
import { agoText, timeText } from '../../../src/vocabulary/words/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRun } from '../../../src/cli/format/format-run.ts';
import { formatRuns } from '../../../src/cli/format/format-runs.ts';
import { eventLine } from '../../../src/cli/format/format-event.ts';
import { plainStatus, statusLine } from '../../../src/cli/format/format-status.ts';
import { painter } from '../../../src/cli/format/paint.ts';
import { curvesOf } from '../../../src/host/panels/compared-runs.ts';
import { openRunStream } from '../../../src/host/panels/run-stream.ts';
import { detailItems } from '../../../src/host/views/run-details.ts';
import { progressText, runItem } from '../../../src/host/views/run-item.ts';
import { groupRuns, GROUPINGS, SORTINGS } from '../../../src/host/views/run-order.ts';
import type { Grouping, Sorting } from '../../../src/host/views/run-order.ts';
import { runTooltip } from '../../../src/host/views/run-tooltip.ts';
import { checkRunEvent } from '../../../src/protocol/events.ts';
import { checkRunAnnotation } from '../../../src/protocol/run-annotation.ts';
import { checkRunRecord } from '../../../src/protocol/run-record.ts';
import { runUpdateCheck } from '../../../src/protocol/panels/run-updates.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { comparisonsCsv, evaluationsCsv, runJson, stepsCsv, testsCsv } from '../../../src/runs/export.ts';
import type { RunEntry } from '../../../src/runs/list-runs.ts';
import { SHOWN_STATUSES, STATUSES } from '../../../src/vocabulary/status.ts';
import { tensorBoardFile } from '../../../src/trainer/report/tensorboard.ts';
import * as panelFormats from '../../../webview/shared/format.ts';
import { annotations, events, INHERITED, records } from './hostile-values.ts';

const SEEDED = { seed: 9, numRuns: 200 } as const;
const paint = painter(true);

const shownStatuses = fc.constantFrom(...SHOWN_STATUSES);

function entryOf(record: RunEntry['record'], annotation: RunEntry['annotation'], status: RunEntry['status']): RunEntry {
  const common = {
    isReadable: true,
    id: 'a',
    runDir: '/no/such/run',
    liveness: undefined,
    annotationProblem: undefined,
  } as const;
  return { ...common, record, annotation, status };
}

describe('whatever the guards let through', () => {
  it('is what the properties below try', () => {
    fc.assert(
      fc.property(records, annotations, events, (record, annotation, log) => {
        expect(checkRunRecord(JSON.parse(JSON.stringify(record)))).toMatchObject({ ok: true });
        expect(checkRunAnnotation(annotation)).toMatchObject({ ok: true });
        for (const event of log) expect(checkRunEvent(event)).toMatchObject({ ok: true });
      }),
      SEEDED,
    );
  });

  it('is shown in every list and tooltip of the editor', () => {
    fc.assert(
      fc.property(records, annotations, events, shownStatuses, (record, annotation, log, status) => {
        const run = entryOf(record, annotation, status);
        const state = foldEvents(NO_EVENTS, log);
        const live = { run, runsFolder: '/runs', state };
        const marked = entryOf(record, { ...annotation, isBaseline: true }, status);
        const baseline = { ...live, run: marked };
        runTooltip(live, { baseline: undefined, get: () => undefined });
        runTooltip(live, { baseline, get: () => live });
        runItem(live, { baseline: marked, placeInQueue: undefined, isStopping: false, now: 0 });
        progressText(state);
        detailItems(run, state);
        for (const grouping of Object.keys(GROUPINGS) as Grouping[]) {
          for (const sorting of Object.keys(SORTINGS) as Sorting[]) {
            expect(
              groupRuns([live, baseline], { grouping, sorting, filter: '' }, 0).flatMap((g) => g.runs),
            ).toHaveLength(2);
          }
        }
      }),
      SEEDED,
    );
  });

  it('is shown in the terminal', async () => {
    await fc.assert(
      fc.asyncProperty(records, annotations, events, shownStatuses, async (record, annotation, log, status) => {
        const run = entryOf(record, annotation, status);
        const state = foldEvents(NO_EVENTS, log);
        // Its own row and its header, not the row that stands in for one that cannot be shown.
        const lines = formatRuns([{ run }], { paint: painter(false), width: 120 });
        expect(lines[1]?.startsWith(STATUSES[status].word)).toBe(true);
        await formatRun({ ...run, state, logEnd: [] }, { paint, width: 80 });
        statusLine(state, 80, paint);
        plainStatus(state);
        for (const event of log) eventLine(event, state, paint);
      }),
      SEEDED,
    );
  });

  it('is exported, and crosses to panels', () => {
    fc.assert(
      fc.property(records, annotations, events, (record, annotation, log) => {
        const state = foldEvents(NO_EVENTS, log);
        for (const csv of [stepsCsv, evaluationsCsv, testsCsv, comparisonsCsv]) csv(state);
        expect(JSON.parse(runJson(record, annotation, state))).toMatchObject({
          evaluations: state.evaluations.map(() => ({})),
        });
        tensorBoardFile(state);
        curvesOf('a', state);
        const stream = openRunStream();
        stream.add({ events: log, badLines: [], isRestart: false });
        expect(runUpdateCheck(structuredClone(stream.take()), '')).toEqual([]);
      }),
      SEEDED,
    );
  });

  it('has a text in panels, numbers and times at their edges included', () => {
    const numbers = [
      0,
      -0,
      5e-324,
      1e21,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      NaN,
      Infinity,
      -Infinity,
      8.64e15,
      -8.64e15,
    ];
    const { percent, duration, bytes } = panelFormats;
    const words = [metricText, scoreText, deltaText, pValueText, significantText, countText, agoText];
    for (const format of [...words, percent, duration, bytes]) {
      for (const number of numbers) expect(format(number)).not.toBe('');
    }
    for (const time of [0, 8.64e15, -8.64e15]) expect(timeText(time)).not.toBe('');
  });

  it.each(INHERITED)('has no value of a metric that is called %s and that nothing measured', (headline) => {
    const record = { ...fc.sample(records, { seed: 1, numRuns: 1 })[0]!, headline, status: 'finished' as const };
    const run = entryOf(
      { ...record, test: { 'fine-tuned': { mrr: 0.5 }, pretrained: {} } },
      { tags: [], note: '', isBaseline: false },
      'finished',
    );
    const live = { run, runsFolder: '/runs', state: undefined };
    expect(formatRuns([{ run }], { paint: painter(false), width: 500 })[1]).toMatch(/–\s+–/);
    expect(
      runItem(live, { baseline: undefined, placeInQueue: undefined, isStopping: false, now: 0 }).description,
    ).not.toMatch(/function|NaN/);
  });
});
