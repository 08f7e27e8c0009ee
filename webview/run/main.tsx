/** The run panel: connects the page to the host. */
import '../shared/page.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Problem } from '../../src/vocabulary/problem.ts';
import { PANEL_ACTIONS } from '../../src/protocol/panels/actions.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { RUN_DATA } from '../../src/protocol/panels/run-data.ts';
import { openClient, problemOf } from '../../src/protocol/rpc.ts';
import { ErrorMessage } from '../shared/components/error-message.tsx';
import { onFilterKey } from '../shared/filter-key.ts';
import { hostPort, keptState } from '../shared/host.ts';
import { keepScroll } from '../shared/kept-scroll.ts';
import { saveFile } from '../shared/save-file.ts';
import { followTheme } from '../shared/theme.ts';
import { createRunModel } from './model.ts';
import { createQueries } from './queries.tsx';
import { Loading, RunPage } from './run-page.tsx';
import { DEFAULT_STATE } from './state.ts';
import './run.css';

/** Nothing is shown before this; most runs are there by then. */
const SKELETON_AFTER_MS = 200;

const state = keptState(DEFAULT_STATE);
const problem = signal<Problem | undefined>(undefined);
const onBad = (bad: Problem) => void (problem.value = bad);
const report = (error: unknown) => onBad(problemOf(error));
const { calls: data, on } = openClient(hostPort, RUN_DATA, onBad);
const { calls: actions } = openClient(hostPort, PANEL_ACTIONS, onBad);

const act = (action: RunAction, runId?: string) =>
  void actions.act({ action, ...(runId === undefined ? {} : { runId }) }).catch(report);
const save = (name: string, content: string | Uint8Array) => void saveFile(actions, name, content).catch(report);

/** When the host sent what is drawn next. */
let sentAt: number | undefined;
const model = createRunModel(() => {
  if (sentAt !== undefined) document.body.dataset['lagMs'] = String(Date.now() - sentAt);
  sentAt = undefined;
});
const queries = createQueries(
  state,
  data,
  () => model.latest.facts?.started?.headline ?? model.latest.about?.record.headline,
);
onFilterKey(() => queries.focusFilter());

/** Rankings come at the end of a run. */
let hasAskedAtEnd = false;
function askForRankings(): void {
  const { facts, about } = model.latest;
  const isFinished = about?.record.status === 'finished';
  if (hasAskedAtEnd || (!isFinished && facts?.tests['fine-tuned'] === undefined)) return;
  hasAskedAtEnd = isFinished;
  queries.refresh();
}

on('update', (update) => {
  sentAt = update.sentAt;
  model.apply(update);
  askForRankings();
});
on('about', (about) => {
  model.setAbout(about);
  askForRankings();
});
on('problem', onBad);

const skeleton = setTimeout(() => render(<Loading />, document.body), SKELETON_AFTER_MS);
data.open({}).then(
  (about) => {
    clearTimeout(skeleton);
    model.setAbout(about);
    askForRankings();
    const page = { shown: model.shown, problem, theme: followTheme(), state, data, act, save };
    render(<RunPage {...page} queries={queries.element} />, document.body);
    keepScroll(state);
  },
  (error: unknown) => {
    clearTimeout(skeleton);
    render(<ErrorMessage {...problemOf(error)} />, document.body);
  },
);
