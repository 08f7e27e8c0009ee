import type { ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ComparedCurves, ComparedRun } from '../../src/protocol/panels/compare-data.ts';
import { X_FORMATS } from '../run/curves.ts';
import { X_MODES } from '../run/state.ts';
import { Chart } from '../shared/components/chart.tsx';
import { Segments } from '../shared/components/segments.tsx';
import type { ChartGroup } from '../shared/chart-content.ts';
import type { KeptState } from '../shared/host.ts';
import { extentOf } from '../shared/line.ts';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import type { Theme } from '../shared/theme.ts';
import { Button } from '../shared/ui/button.tsx';
import { Checkbox } from '../shared/ui/checkbox.tsx';
import { COMPARE_CHARTS, lineOf } from './charts.ts';
import type { CompareState } from './state.ts';

/** What the curves are of. */
export interface Curves {
  /** Runs whose curves are known and wanted. */
  readonly runs: readonly { readonly run: ComparedRun; readonly curves: ComparedCurves }[];
  /** Name of the metric that the first chart shows. */
  readonly metric: string;
}

export interface CurvesSectionProps {
  readonly curves: ReadonlySignal<Curves>;
  readonly state: KeptState<CompareState>;
  readonly theme: ReadonlySignal<Theme>;
}

/** The curves of the compared runs on top of each other, with their common settings. */
export function CurvesSection({ curves, state, theme }: CurvesSectionProps) {
  const { runs, metric } = curves.value;
  const { fields } = state;
  const [xMode, isLog, smoothing, zoom] = [
    fields.xMode.value,
    fields.isLog.value,
    fields.smoothing.value,
    fields.zoom.value,
  ];
  const group = useRef<ChartGroup>({
    key: 'compare',
    formatX: (x) => X_FORMATS[state.value.xMode].tick(x),
    onZoom: (range) => state.change({ zoom: range ?? null }),
  }).current;
  const lines = COMPARE_CHARTS.map((chart) =>
    runs.map(({ run, curves: own }) => lineOf(chart, own, run.title, { xMode, smoothing }, metric)),
  );
  const range = zoom ?? extentOf(lines.flat()) ?? [0, 1];
  return (
    <section aria-label="Curves">
      <div class="section-head">
        <h2>Curves</h2>
        <Segments
          label="Horizontal axis"
          values={X_MODES}
          value={xMode}
          onChange={(mode) => state.change({ xMode: mode, zoom: null })}
        />
        <Checkbox isChecked={isLog} onChange={(isChecked) => state.change({ isLog: isChecked })}>
          Log y
        </Checkbox>
        <Checkbox isChecked={smoothing > 0} onChange={(isChecked) => state.change({ smoothing: isChecked ? 0.6 : 0 })}>
          Smooth
        </Checkbox>
        {zoom !== null && (
          <Button label="Show all" icon="screen-full" isSecondary onClick={() => state.change({ zoom: null })} />
        )}
      </div>
      <div class="charts">
        {COMPARE_CHARTS.map(({ title, canBeLog, format, isFromZero = false }, i) => (
          <Chart
            key={i}
            title={title(metricLabel(metric))}
            whenEmpty="None of the shown runs has this yet."
            content={{ lines: lines[i]!, range, isLog: isLog && canBeLog }}
            format={format}
            isFromZero={isFromZero}
            group={group}
            theme={theme.value}
          />
        ))}
      </div>
    </section>
  );
}
