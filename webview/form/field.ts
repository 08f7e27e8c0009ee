import type { FieldState, FormField } from '../../src/protocol/panels/form-data.ts';
import { problemOf } from '../../src/protocol/rpc.ts';
import { h, setAttr, setText, show } from '../shared/dom.ts';
import { button } from '../shared/ui.ts';
import { controlOf } from './controls.ts';
import type { ControlEvents } from './controls.ts';
import type { Edits } from './edits.ts';
import { helpText } from './help-text.ts';
import { folded } from './folded.ts';
import { problemList } from './problems.ts';

/** An option with its control, what it is for, and what is wrong with it. */
export interface FieldView {
  readonly element: HTMLElement;
  /** What the filter looks into, folded. */
  readonly words: string;
  /** Whether it stays in sight when only what the file sets is shown. */
  readonly isNotable: () => boolean;
  draw(state: FieldState, isBroken: boolean): void;
  focus(): void;
}

/** Makes the view of an option at a path with indices. */
export function fieldView(field: FormField, path: string, edits: Edits): FieldView {
  const problems = problemList(edits);
  const refusal = h('p', { class: 'refusal', attrs: { role: 'alert', hidden: true } });
  const lock = h('p', { class: 'muted', attrs: { hidden: true } });
  const events = eventsOf(path, edits, (message) => {
    setText(refusal, message);
    show(refusal, message !== '');
    if (message !== '') control.draw(state, isLocked);
  });
  const control = controlOf(field, path, events);
  const reset = button({
    label: field.fallback === '' ? `Remove ${field.name}` : `Reset ${field.name} to ${field.fallback}`,
    icon: 'discard',
    isIconOnly: true,
    onClick: () => {
      events.reset();
      control.focus();
    },
  });
  const mark = h(
    'span',
    { class: 'set-mark', attrs: { title: 'Set in this file' } },
    h('span', { class: 'sr-only' }, 'set in this file'),
  );
  const isFlag = field.kind === 'flag';
  const element = h(
    'div',
    { class: 'field', attrs: { 'data-path': path, role: 'group', 'aria-label': field.name } },
    mark,
    h('div', { class: 'field-head' }, h('span', { class: 'field-name' }, field.name), reset),
    !isFlag && h('p', { class: 'field-help muted' }, helpText(field.help)),
    h('div', { class: `field-control is-${field.kind}` }, control.element),
    lock,
    problems.element,
    refusal,
  );
  let state: FieldState = { path, isSet: false, text: '', problems: [] };
  let isLocked = false;

  return {
    element,
    words: folded(`${path} ${field.help} ${field.choices.join(' ')}`),
    isNotable: () => state.isSet || state.text !== '' || state.problems.length > 0,
    draw(next, isBroken) {
      state = next;
      isLocked = isBroken || next.locked !== undefined;
      element.classList.toggle('is-set', next.isSet);
      show(mark, next.isSet);
      show(reset, next.isSet && !isLocked && !field.isRequired);
      const note = next.locked ?? (!next.isSet && next.text !== '' ? 'It comes from an anchor.' : undefined);
      setText(lock, note === undefined ? '' : `${note} Change it in the text.`);
      show(lock, note !== undefined && !isBroken);
      setAttr(element, 'aria-disabled', isLocked ? 'true' : undefined);
      show(refusal, false);
      control.draw(next, isLocked);
      problems.draw(next.problems);
    },
    focus: () => control.focus(),
  };
}

/** A control's wishes as changes of the text at a path; why one is refused is told. */
function eventsOf(path: string, { change }: Edits, tell: (message: string) => void): ControlEvents {
  const send = (wish: Parameters<Edits['change']>[0]) =>
    void change(wish).then(
      () => tell(''),
      (error: unknown) => {
        const { message, next } = problemOf(error);
        tell(next === undefined ? message : `${message} ${next}`);
      },
    );
  return {
    set: (value) => send({ kind: 'set', path, value }),
    reset: () => send({ kind: 'reset', path }),
    addItem: (value) => send({ kind: 'addItem', path, value }),
    removeItem: (index) => send({ kind: 'removeItem', path, index }),
    moveItem: (from, to) => send({ kind: 'moveItem', path, from, to }),
  };
}
