/** The run panel: connects the parts to the host and draws at most once a frame. */
import { render } from 'preact';
import type { Problem } from '../../src/vocabulary/problem.ts';
import { PANEL_ACTIONS } from '../../src/protocol/panels/actions.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { RUN_DATA } from '../../src/protocol/panels/run-data.ts';
import { openClient, problemOf } from '../../src/protocol/rpc.ts';
import { h, onFrame } from '../shared/dom.ts';
import { ErrorMessage } from '../shared/components/error-message.tsx';
import { hostPort, keptState } from '../shared/host.ts';
import { saveFile } from '../shared/save-file.ts';
import { createCharts } from './charts.ts';
import { createHead } from './head.ts';
import { createInfo } from './info.ts';
import { createRunModel } from './model.ts';
import { createNotices } from './notices.ts';
import { createQueries } from './queries.ts';
import { DEFAULT_STATE } from './state.ts';
import { createTestTable } from './test-table.ts';

/** Nothing is shown before this; most runs are there by then. */
const SKELETON_AFTER_MS = 200;

const state = keptState(DEFAULT_STATE);
const model = createRunModel();
let problem: Problem | undefined;
const onBad = (bad: Problem) => {
  problem = bad;
  draw();
};
const { calls: data, on } = openClient(hostPort, RUN_DATA, onBad);
const { calls: actions } = openClient(hostPort, PANEL_ACTIONS, onBad);

const act = (action: RunAction, runId?: string) =>
  void actions.act({ action, ...(runId === undefined ? {} : { runId }) }).catch(report);
const save = (name: string, content: string | Uint8Array) => void saveFile(actions, name, content).catch(report);
function report(error: unknown): void {
  onBad(problemOf(error));
}

const head = createHead(model, act);
const notices = createNotices(model, act);
const charts = createCharts(model, state, save);
const test = createTestTable(model);
const queries = createQueries(state, data, () => model.facts?.started?.headline ?? model.about?.record.headline);
const info = createInfo(model, state, data, act);
const main = h('main', {}, head.element, notices.element, charts.element, test.element, queries.element, info.element);

const draw = onFrame(() => {
  head.draw();
  notices.draw(problem);
  charts.draw();
  test.draw();
  info.draw();
  const lag = lastSentAt === undefined ? undefined : Date.now() - lastSentAt;
  if (lag !== undefined) document.body.dataset['lagMs'] = String(lag);
  lastSentAt = undefined;
});
let lastSentAt: number | undefined;

/** Rankings come at the end of a run. */
let hasAskedAtEnd = false;
function askForRankings(): void {
  const isThere = model.facts?.tests['fine-tuned'] !== undefined || model.about?.record.status === 'finished';
  if (!isThere || (hasAskedAtEnd && model.about?.record.status !== 'finished')) return;
  if (hasAskedAtEnd) return;
  hasAskedAtEnd = model.about?.record.status === 'finished';
  queries.refresh();
}

on('update', (update) => {
  model.apply(update);
  lastSentAt = update.sentAt;
  askForRankings();
  draw();
});
on('about', (about) => {
  model.setAbout(about);
  askForRankings();
  draw();
});
on('problem', onBad);

addEventListener('keydown', (event) => {
  const isTyping = (event.target as HTMLElement).closest('input, textarea, vscode-text-field') !== null;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  queries.focusFilter();
});

const skeleton = setTimeout(() => {
  if (!main.isConnected)
    document.body.replaceChildren(
      h(
        'div',
        { class: 'loading', attrs: { 'aria-busy': 'true', 'aria-label': 'Loading the run' } },
        ...Array.from({ length: 5 }, () => h('div', { class: 'skeleton' })),
      ),
    );
}, SKELETON_AFTER_MS);

/** Puts the panel up once something is known, where it was scrolled to before. */
function mount(): void {
  clearTimeout(skeleton);
  document.body.replaceChildren(main);
  draw();
  requestAnimationFrame(() => scrollTo({ top: state.value.scrollTop }));
  const keepScroll = onFrame(() => state.change({ scrollTop: document.documentElement.scrollTop }));
  addEventListener('scroll', keepScroll);
}

data.open({}).then(
  (about) => {
    model.setAbout(about);
    info.refresh();
    askForRankings();
    mount();
  },
  (error: unknown) => {
    clearTimeout(skeleton);
    render(<ErrorMessage {...problemOf(error)} />, document.body);
  },
);
