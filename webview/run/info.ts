import type { RunAction } from '../../src/protocol/panels/actions.ts';
import type { RunDataCalls } from '../../src/protocol/panels/run-data.ts';
import type { Caller } from '../../src/protocol/rpc.ts';
import { h, setText } from '../shared/dom.ts';
import { absolute, bytes, whole } from '../shared/format.ts';
import type { KeptState } from '../shared/host.ts';
import { isActive } from '../shared/status.ts';
import { button, tabs } from '../shared/ui.ts';
import type { RunModel } from './model.ts';
import type { RunPanelState } from './state.ts';

const LOG_LINES = 400;
const LOG_EVERY_MS = 2000;

/** The experiment's text, the environment and the end of the log, behind tabs. */
export function createInfo(
  model: RunModel,
  state: KeptState<RunPanelState>,
  data: Caller<RunDataCalls>,
  act: (action: RunAction) => void,
): { readonly element: HTMLElement; draw(): void; refresh(): void } {
  const experiment = h('pre', { class: 'mono code', attrs: { tabindex: 0, 'aria-label': 'Experiment' } });
  const environment = h('dl', { class: 'facts-list' });
  const log = h('pre', { class: 'mono code log', attrs: { tabindex: 0, 'aria-label': 'End of the trainer’s log' } });
  const head = (label: string, action: RunAction) =>
    h('div', { class: 'info-head' }, button({ label, isSecondary: true, onClick: () => act(action) }));
  const views = [
    {
      id: 'experiment',
      title: 'Experiment',
      view: h('div', { class: 'info' }, head('Open Experiment', 'openExperiment'), experiment),
    },
    { id: 'environment', title: 'Environment', view: h('div', { class: 'info' }, environment) },
    { id: 'log', title: 'Log', view: h('div', { class: 'info' }, head('Open Log', 'showLog'), log) },
  ];
  const element = h(
    'section',
    { class: 'info-section', attrs: { 'aria-label': 'Details' } },
    tabs('Details of the run', views, state.value.tab, select),
  );
  let shownRecord: unknown;

  function select(tab: string): void {
    state.change({ tab });
    if (tab === 'log') void readLog();
  }

  async function readLog(): Promise<void> {
    const { lines } = await data.log({ nLines: LOG_LINES }).catch((error: unknown) => ({ lines: [String(error)] }));
    const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    setText(log, lines.length === 0 ? 'The trainer has written nothing yet.' : lines.join('\n'));
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  function draw(): void {
    const { about } = model;
    if (about === undefined || about === shownRecord) return;
    shownRecord = about;
    environment.replaceChildren(
      ...environmentRows(model).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    );
  }

  async function readExperiment(): Promise<void> {
    const { text } = await data.experiment({}).catch((error: unknown) => ({ text: String(error) }));
    setText(experiment, text);
  }

  setInterval(() => {
    if (state.value.tab === 'log' && model.about !== undefined && isActive(model.about.status)) void readLog();
  }, LOG_EVERY_MS);
  return {
    element,
    draw,
    refresh() {
      void readExperiment();
      void readLog();
    },
  };
}

function environmentRows({ about, facts }: RunModel): [string, string][] {
  if (about === undefined) return [];
  const { record, annotation } = about;
  const { machine, git, data, packages } = record;
  const bySplit = (n: { train: number; dev: number; test: number } | undefined) =>
    n && `${whole(n.train)} train, ${whole(n.dev)} dev, ${whole(n.test)} test`;
  const rows: [string, string | undefined][] = [
    ['Run', record.id],
    ['Created', absolute(record.createdAt)],
    ['Experiment', record.experimentFile],
    ['Note', annotation.note === '' ? undefined : annotation.note],
    ['Seed', record.seed === undefined ? undefined : String(record.seed)],
    ['Device', facts?.started?.device],
    [
      'Machine',
      machine &&
        `${machine.cpu}, ${machine.nCores} cores, ${bytes(machine.memoryBytes)}, ${machine.platform} ${machine.arch}`,
    ],
    ['Node', machine?.node],
    ['Git', git && `${git.commit.slice(0, 10)}${git.isDirty === true ? ', with uncommitted changes' : ''}`],
    ['Data', data && `${data.source}${data.isSynthetic ? ' (synthetic)' : ''}`],
    ['Queries', bySplit(data?.nQueries)],
    ['Judgements', bySplit(data?.nJudgements)],
    ['Fingerprint', data?.fingerprint],
    [
      'Packages',
      packages &&
        Object.entries(packages)
          .map((pair) => pair.join(' '))
          .join(', '),
    ],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}
