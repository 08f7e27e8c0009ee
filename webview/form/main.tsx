/** The form of an experiment: shows what its text says, and sends back what is to be changed in it. */
import { render } from 'preact';
import type { Problem } from '../../src/vocabulary/problem.ts';
import { FORM_DATA } from '../../src/protocol/panels/form-data.ts';
import type { FormSection, FormState } from '../../src/protocol/panels/form-data.ts';
import { openClient, problemOf } from '../../src/protocol/rpc.ts';
import { h, onFrame, setText, show } from '../shared/dom.ts';
import { ErrorMessage } from '../shared/error-message.tsx';
import { hostPort, keptState } from '../shared/host.ts';
import { contentsOf } from './contents.ts';
import type { Edits } from './edits.ts';
import { folded } from './folded.ts';
import { createHead } from './head.ts';
import { isSave } from './keys.ts';
import { sectionView } from './section.ts';
import { DEFAULT_FORM_STATE } from './state.ts';
import { textOnlyView } from './text-only.ts';

const kept = keptState(DEFAULT_FORM_STATE);
const failure = h('p', { class: 'refusal', attrs: { role: 'alert', hidden: true } });
const onBad = ({ message }: Problem) => {
  setText(failure, message);
  show(failure, true);
};
const report = (error: unknown) => onBad(problemOf(error));
const { calls, on } = openClient(hostPort, FORM_DATA, onBad);

/** Changes that are on their way to the text. */
let nOnTheirWay = 0;

const edits: Edits = {
  async change(change) {
    nOnTheirWay++;
    try {
      await calls.change(change);
    } finally {
      nOnTheirWay--;
    }
  },
  fix: (problem) => void calls.fix(problem).catch(report),
  reveal: (line) => void calls.reveal({ line }).catch(report),
  report,
};

function mount(name: string, table: readonly FormSection[], first: FormState): void {
  const sections = table.map((section) =>
    sectionView(section, edits, (isOpen) => {
      const others = kept.value.closed.filter((path) => path !== section.path);
      kept.change({ closed: isOpen ? others : [...others, section.path] });
      sift();
    }),
  );
  const textOnly = textOnlyView(edits);
  const nothing = h('p', { class: 'message', attrs: { hidden: true, role: 'status' } });
  const contents = contentsOf(sections, ({ path, element }) => {
    kept.change({ closed: kept.value.closed.filter((closed) => closed !== path) });
    sift();
    element.scrollIntoView({ block: 'start' });
    element.querySelector('button')?.focus({ preventScroll: true });
  });
  const head = createHead(name, kept.value, edits, {
    run: (command) => void calls.run({ command }).catch(report),
    filter: (filter) => {
      kept.change({ filter });
      sift();
    },
    showOnlySet: (isOnlySet) => {
      kept.change({ isOnlySet });
      sift();
    },
    goToProblem() {
      kept.change({ closed: [] });
      sift();
      if (!sections.some((section) => section.focusProblem())) textOnly.element.scrollIntoView();
    },
  });

  function sift(): void {
    const { filter, isOnlySet, closed } = kept.value;
    const sight = { filter: folded(filter), isOnlySet, isOpen: (path: string) => !closed.includes(path) };
    const nShown = sections.reduce((sum, section) => sum + section.sift(sight), 0);
    show(nothing, nShown === 0);
    setText(nothing, filter.trim() === '' ? 'This file sets no option yet.' : `No option matches “${filter.trim()}”.`);
    contents.draw();
  }

  function draw(state: FormState): void {
    const byPath = new Map(state.fields.map((field) => [field.path, field]));
    for (const section of sections) section.draw(state, byPath);
    textOnly.draw(state.textOnly);
    head.draw(state);
    document.body.classList.toggle('is-broken', state.isBroken);
    show(failure, false);
    sift();
  }

  draw(first);
  on('state', draw);
  document.body.replaceChildren(
    head.element,
    failure,
    h(
      'main',
      {},
      contents.element,
      h('div', { class: 'sections' }, nothing, ...sections.map(({ element }) => element), textOnly.element),
    ),
  );
  addEventListener('keydown', (event) => {
    const isTyping = (event.target as HTMLElement).closest('input, vscode-text-field') !== null;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    head.focusFilter();
  });
  // The field that has the keyboard has sent what was typed in it. The editor would save at once, without what is on its way.
  document.addEventListener('keydown', (event) => {
    if (!isSave(event) || nOnTheirWay === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void calls.save({}).catch(report);
  });
  requestAnimationFrame(() => scrollTo({ top: kept.value.scrollTop }));
  addEventListener(
    'scroll',
    onFrame(() => kept.change({ scrollTop: document.documentElement.scrollTop })),
  );
}

calls.open({}).then(
  ({ name, sections, state }) => mount(name, sections, state),
  (error: unknown) => render(<ErrorMessage {...problemOf(error)} />, document.body),
);
