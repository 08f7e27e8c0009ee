import type { ReadonlySignal } from '@preact/signals';
import { useChartSettings } from '../shared/chart-settings.ts';
import { Chart } from '../shared/components/chart.tsx';
import { ChartControls } from '../shared/components/chart-controls.tsx';
import { chartsToPng, chartsToSvg } from '../shared/export-image.ts';
import type { KeptState } from '../shared/host.ts';
import { extentOf } from '../shared/line.ts';
import { isOver } from '../../src/vocabulary/status.ts';
import type { Theme } from '../shared/theme.ts';
import { RUN_CHARTS } from './curves.ts';
import { runToCsv } from './export-csv.ts';
import type { RunSnapshot } from './run-snapshot.ts';
import type { RunPanelState } from './state.ts';

export interface ChartsProps {
  readonly run: RunSnapshot;
  readonly state: KeptState<RunPanelState>;
  readonly theme: ReadonlySignal<Theme>;
  /** Writes an exported file. */
  readonly save: (name: string, content: string | Uint8Array) => void;
}

/** The charts of a run with their common settings. */
export function Charts({ run, state, theme, save }: ChartsProps) {
  const { settings, group } = useChartSettings('run', state);
  const { smoothing, zoom, isLog } = settings;
  const lines = RUN_CHARTS.map((chart) => chart.lines(run, settings, theme.value.charts));
  const range = zoom ?? extentOf(lines.flat()) ?? [0, 1];
  const charts = RUN_CHARTS.map((chart, i) => ({
    ...chart,
    content: { lines: lines[i]!, range, isLog: isLog && chart.canBeLog },
  }));
  const name = run.about?.record.id ?? 'run';
  const svg = () =>
    chartsToSvg(
      charts.map(({ title, content }) => ({ title, ...content })),
      theme.value,
      group.formatX,
    );
  return (
    <section class="charts-section" aria-label="Charts" hidden={!hasCurves(run)}>
      <div class="section-head">
        <h2>Training</h2>
        <label class="field">
          Smoothing
          <input
            type="range"
            min={0}
            max={0.99}
            step={0.01}
            aria-label="Smoothing"
            value={smoothing}
            onInput={({ currentTarget }) => state.change({ smoothing: Number(currentTarget.value) })}
          />
          <output class="num">{smoothing.toFixed(2)}</output>
        </label>
        <ChartControls state={state} />
        <span class="spacer" />
        <span class="exports" role="group" aria-label="Export the charts">
          <ExportButton format="SVG" onClick={() => save(`${name}.svg`, svg())} />
          <ExportButton
            format="PNG"
            onClick={() => void chartsToPng(svg()).then((bytes) => save(`${name}.png`, bytes))}
          />
          <ExportButton format="CSV" onClick={() => save(`${name}.csv`, runToCsv(run))} />
        </span>
      </div>
      <div class="charts">
        {charts.map(({ id, title, whenEmpty, content, format, isFromZero = false }) => (
          <Chart
            key={id}
            title={title}
            whenEmpty={whenEmpty(run)}
            content={content}
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

/** Nothing is drawn, or promised, for a run that trains nothing or ended before its first step. */
function hasCurves({ about, steps, evaluations }: RunSnapshot): boolean {
  if (about === undefined || about.record.job === 'evaluate') return false;
  return !isOver(about.status) || steps.length > 0 || evaluations.length > 0;
}

function ExportButton({ format, onClick }: { readonly format: 'SVG' | 'PNG' | 'CSV'; readonly onClick: () => void }) {
  const label = `Save the charts’ ${format === 'CSV' ? 'values' : 'picture'} as ${format}`;
  return (
    <button class="plain-button" title={label} aria-label={label} onClick={onClick}>
      {format}
    </button>
  );
}
