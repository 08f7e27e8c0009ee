import type { ReadonlySignal } from '@preact/signals';
import type { ComparedCurves, ComparedRun } from '../../src/protocol/panels/compare-data.ts';
import { useChartSettings } from '../shared/chart-settings.ts';
import { Chart } from '../shared/components/chart.tsx';
import { ChartControls } from '../shared/components/chart-controls.tsx';
import type { KeptState } from '../shared/host.ts';
import { extentOf } from '../shared/line.ts';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import type { Theme } from '../shared/theme.ts';
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
  const { settings, group } = useChartSettings('compare', state);
  const { smoothing, zoom, isLog } = settings;
  const lines = COMPARE_CHARTS.map((chart) =>
    runs.map(({ run, curves: own }) => lineOf(chart, own, run.title, settings, metric)),
  );
  const range = zoom ?? extentOf(lines.flat()) ?? [0, 1];
  return (
    <section aria-label="Curves">
      <div class="section-head">
        <h2>Curves</h2>
        <ChartControls state={state}>
          <Checkbox
            isChecked={smoothing > 0}
            onChange={(isChecked) => state.change({ smoothing: isChecked ? 0.6 : 0 })}
          >
            Smooth
          </Checkbox>
        </ChartControls>
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
