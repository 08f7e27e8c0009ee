/** Every component in its states, for tests and for eyes: no panel, and not in the package. */
import '../shared/page.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { ComponentChildren } from 'preact';
import type { PanelRanking } from '../../src/protocol/panels/queries.ts';
import { createRanking } from '../ranking/ranking.tsx';
import type { ChartContent } from '../shared/chart-content.ts';
import { Badge } from '../shared/components/badge.tsx';
import { DEFAULT_CHART_SETTINGS } from '../shared/chart-settings.ts';
import type { ChartSettings } from '../shared/chart-settings.ts';
import { Chart } from '../shared/components/chart.tsx';
import { ChartControls } from '../shared/components/chart-controls.tsx';
import { keptState } from '../shared/host.ts';
import { Delta } from '../shared/components/delta.tsx';
import { EmptyState } from '../shared/components/empty-state.tsx';
import { ErrorMessage } from '../shared/components/error-message.tsx';
import { Icon } from '../shared/components/icon.tsx';
import { LabelBadge } from '../shared/components/label-badge.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { ScrollBox } from '../shared/components/scroll-box.tsx';
import { Segments } from '../shared/components/segments.tsx';
import { Swatch } from '../shared/components/swatch.tsx';
import { Table } from '../shared/components/table.tsx';
import { describedBy, Tooltip } from '../shared/components/tooltip.tsx';
import { metricText } from '../../src/vocabulary/words/metric.ts';
import { Island } from '../shared/island.tsx';
import { DASHES } from '../shared/line.ts';
import { followTheme } from '../shared/theme.ts';
import { Button } from '../shared/ui/button.tsx';
import { Checkbox } from '../shared/ui/checkbox.tsx';
import { Dropdown } from '../shared/ui/dropdown.tsx';
import { Tabs } from '../shared/ui/tabs.tsx';
import { SearchField, TextField } from '../shared/ui/text-field.tsx';
import './gallery.css';

const nothing = () => undefined;
const theme = followTheme();
const choice = signal<'step' | 'epoch' | 'time'>('step');
const settings = keptState<ChartSettings>({ ...DEFAULT_CHART_SETTINGS, zoom: [1, 5] });
const zoom = signal<readonly [number, number] | undefined>(undefined);
const group = {
  key: 'gallery',
  formatX: String,
  onZoom: (range: readonly [number, number] | undefined) => void (zoom.value = range),
};

/** The samples, by the name of the file that they show. */
const SAMPLES: Readonly<Record<string, () => ComponentChildren>> = {
  badge: () => (
    <>
      <Badge text="synthetic" /> <Badge text="keep" />
    </>
  ),
  'label-badge': () => (['E', 'S', 'C', 'I'] as const).map((label) => <LabelBadge key={label} label={label} />),
  delta: () => (
    <ul>
      <li>
        <Delta value={0.0207} interval={[0.0178, 0.0232]} />
      </li>
      <li>
        <Delta value={-0.0045} interval={[-0.0075, -0.0016]} />
      </li>
      <li>
        <Delta value={0.0012} interval={[-0.002, 0.0101]} />
      </li>
      <li>
        <Delta value={0} />
      </li>
    </ul>
  ),
  table: () => (
    <Table
      rowHead={{ label: 'metric', cell: (name: string) => ({ content: name, description: `What ${name} means.` }) }}
      columns={[
        { id: 'base', label: 'pretrained', cell: () => ({ content: metricText(0.8363) }) },
        { id: 'model', label: 'fine-tuned', cell: () => ({ content: metricText(0.857), isStrong: true }) },
        {
          id: 'delta',
          label: 'Δ [95 %]',
          description: 'The difference, with its interval.',
          cell: () => ({ content: <Delta value={0.0207} interval={[0.0178, 0.0232]} />, description: 'p < 0.0001' }),
        },
      ]}
      rows={['NDCG@10', 'MRR@10']}
      keyOf={(name) => name}
    />
  ),
  chart: () => <Charts />,
  ranking: () => <Island element={ranking} />,
  notice: () => (
    <>
      <Notice
        kind="error"
        title="The loss is not finite (NaN) at step 113; expected a number."
        detail="step 113 · Lower the learning rate, then resume."
        actions={[
          { label: 'Resume', onClick: nothing },
          { label: 'Show Log', onClick: nothing },
        ]}
      />
      <Notice kind="warning" title="The trainer has been silent for more than 15 seconds." />
      <Notice kind="info" title="Stopped at step 40." />
    </>
  ),
  'error-message': () => (
    <ErrorMessage code="none" message="This is not a run folder." where="/runs/nowhere" next="Open another one." />
  ),
  'empty-state': () => (
    <EmptyState text="No query matches the filter." action={{ label: 'Clear Filter', onClick: nothing }} />
  ),
  icon: () => <Icon name="sync" />,
  swatch: () =>
    DASHES.map((dash, i) => (
      <Swatch key={i} colour={theme.value.charts[i]!} width={2} {...(dash === undefined ? {} : { dash })} />
    )),
  'chart-controls': () => <ChartControls state={settings} />,
  segments: () => (
    <Segments
      label="Axis"
      values={['step', 'epoch', 'time']}
      value={choice.value}
      onChange={(value) => (choice.value = value)}
    />
  ),
  'scroll-box': () => (
    <ScrollBox>
      <div class="wide mono">What is wider than the page scrolls inside of its box, and fades where there is more.</div>
    </ScrollBox>
  ),
  tooltip: () => (
    <span tabIndex={0} {...describedBy('A definition, shown while its word is hovered or focused.')}>
      Defined
    </span>
  ),
  button: () => (
    <>
      <Button label="Stop" icon="debug-stop" onClick={nothing} />
      <Button label="Start Again" isSecondary onClick={nothing} />
      <Button label="Rename" icon="edit" isIconOnly onClick={nothing} />
      <Button label="Not now" isDisabled onClick={nothing} />
      <button class="plain-button">CSV</button>
      <button class="plain-button" aria-pressed="true">
        ▲ 412
      </button>
    </>
  ),
  checkbox: () => (
    <>
      <Checkbox isChecked onChange={nothing}>
        Log y
      </Checkbox>
      <Checkbox isChecked={false} onChange={nothing}>
        Smooth
      </Checkbox>
    </>
  ),
  dropdown: () => (
    <Dropdown
      label="Metric"
      choices={[
        { value: 'a', label: 'ESCI nDCG' },
        { value: 'b', label: 'MRR@10' },
      ]}
      value="a"
      onChange={nothing}
    />
  ),
  tabs: () => (
    <Tabs
      label="Details"
      views={[
        { id: 'one', title: 'Experiment', content: 'model: …' },
        { id: 'two', title: 'Log', content: 'step 1' },
      ]}
      active="one"
      onSelect={nothing}
    />
  ),
  'text-field': () => (
    <>
      <SearchField label="Filter" placeholder="Filter ( / )" value="" onSearch={nothing} />
      <TextField
        label="Name"
        placeholder="Required: a name"
        suggestions={[]}
        isDisabled={false}
        isInvalid
        field={{ current: null }}
      />
    </>
  ),
};

const ramp = Float64Array.from({ length: 40 }, (_, i) => i * 10);
const curve = (scale: number) => ({ x: ramp, y: ramp.map((x) => 0.2 + scale / (1 + x / 60)) });

function Charts() {
  const [blue = '', orange = ''] = theme.value.charts;
  const lines: ChartContent['lines'] = [
    { id: 'train', label: 'train', curve: curve(0.5), colour: blue, width: 1, format: metricText },
    { id: 'dev', label: 'dev', curve: curve(0.6), colour: orange, width: 2.5, dash: [6, 3], format: metricText },
  ];
  const common = { group, theme: theme.value, format: (y: number) => y.toFixed(1) };
  const content = { lines, range: zoom.value ?? ([0, 390] as const), isLog: false };
  return (
    <div class="charts">
      <Chart title="Loss" whenEmpty="" content={content} {...common} />
      <Chart
        title="Ranking on dev"
        whenEmpty="Appears with the first evaluation on the dev queries."
        content={{ ...content, lines: [] }}
        {...common}
      />
    </div>
  );
}

const products: PanelRanking['products'] = [
  { id: 'p1', label: 'E', title: 'Slip-on running shoe without laces' },
  { id: 'p2', label: 'S', title: 'Laces for running shoes, 2 pairs' },
  { id: 'p3', label: 'C', title: 'Shoe cleaner' },
  { id: 'p4', label: 'I', title: 'Garden hose, 20 m' },
];
const ranking = createRanking({
  ranking: {
    id: 'q1',
    text: 'running shoes without laces',
    products,
    scores: { pretrained: [0.2, 0.9, 0.4, 0.3], 'fine-tuned': [0.9, 0.6, 0.2, 0.4] },
  },
  bases: ['pretrained'],
  base: 'pretrained',
  ranker: 'fine-tuned',
  gains: { E: 1, S: 0.1, C: 0.01, I: 0 },
});

function Gallery() {
  return (
    <>
      <main>
        {Object.entries(SAMPLES).map(([name, Sample]) => (
          <section key={name} class="sample" data-sample={name} aria-label={name}>
            <div class="section-head">
              <h2>{name}</h2>
            </div>
            <div class="sample-content">
              <Sample />
            </div>
          </section>
        ))}
      </main>
      <Tooltip />
    </>
  );
}

render(<Gallery />, document.body);
