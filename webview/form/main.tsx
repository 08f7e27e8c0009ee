/** The form of an experiment: shows what its text says, and sends back what is to be changed in it. */
import '../shared/page.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Problem } from '../../src/vocabulary/problem.ts';
import { FORM_DATA } from '../../src/protocol/panels/form-data.ts';
import { openClient, problemOf } from '../../src/protocol/rpc.ts';
import { ErrorMessage } from '../shared/components/error-message.tsx';
import { hostPort, keptState } from '../shared/host.ts';
import { keepScroll } from '../shared/kept-scroll.ts';
import type { Edits } from './edits.ts';
import { Form } from './form.tsx';
import { isSave } from './keys.ts';
import { DEFAULT_FORM_STATE } from './state.ts';
import './form.css';

const kept = keptState(DEFAULT_FORM_STATE);
const failure = signal<string | undefined>(undefined);
const onBad = ({ message }: Problem) => void (failure.value = message);
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

// The field that has the keyboard has sent what was typed in it. The editor would save at once, without what is on its way.
document.addEventListener('keydown', (event) => {
  if (!isSave(event) || nOnTheirWay === 0) return;
  event.preventDefault();
  event.stopPropagation();
  void calls.save({}).catch(report);
});

calls.open({}).then(
  ({ name, sections, state: first }) => {
    const state = signal(first);
    on('state', (next) => {
      state.value = next;
      failure.value = undefined;
    });
    const run = (command: Parameters<typeof calls.run>[0]['command']) => void calls.run({ command }).catch(report);
    render(
      <Form name={name} sections={sections} state={state} failure={failure} kept={kept} edits={edits} onRun={run} />,
      document.body,
    );
    keepScroll(kept);
  },
  (error: unknown) => render(<ErrorMessage {...problemOf(error)} />, document.body),
);
