import { findMetric } from '../../src/metrics/metric-table.ts';
import type { FormField } from '../../src/protocol/panels/form-data.ts';
import { h, icon, setAttr } from '../shared/dom.ts';
import { button, textField } from '../shared/ui.ts';
import type { Control, ControlEvents } from './controls.ts';
import { isSave } from './keys.ts';

/**
 * The items of a list as chips, and a field that adds one. Arrow keys go from chip to chip, with Alt they move it, Delete takes
 * it out.
 */
export function chipList(field: FormField, label: string, events: ControlEvents): Control {
  const list = h('ul', { class: 'chips', attrs: { 'aria-label': label }, on: { keydown: onKey } });
  const adder = textField({ label: `Add to ${label}`, placeholder: 'Add…', suggestions: field.choices });
  const plus = button({ label: `Add to ${label}`, icon: 'add', isIconOnly: true, onClick: add });
  let items: readonly string[] = [];
  let isLocked = false;
  /** The chip that the keyboard is on, and whether it is to get the focus when the list has changed. */
  let active = 0;
  let isWaiting = false;

  function add(): void {
    const value = adder.element.value.trim();
    if (value === '') return;
    adder.element.value = '';
    events.addItem(value);
  }

  adder.element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || isSave(event)) add();
    if (event.key === 'Escape') adder.element.value = '';
  });
  // Chosen from the list that the browser offers: nothing is left to type.
  adder.element.addEventListener('input', (event) => {
    const isChosen = !(event instanceof InputEvent) || event.inputType === 'insertReplacementText';
    if (isChosen && field.choices.includes(adder.element.value)) add();
  });

  function move(from: number, to: number): void {
    if (to < 0 || to >= items.length) return;
    [active, isWaiting] = [to, true];
    events.moveItem(from, to);
  }

  function remove(index: number): void {
    [active, isWaiting] = [Math.min(index, items.length - 2), true];
    events.removeItem(index);
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (isLocked || event.ctrlKey || event.metaKey) return;
    if (step !== undefined && event.altKey) move(active, active + step);
    else if (step !== undefined) focusChip(active + step);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(active);
    else return;
    event.preventDefault();
  }

  function focusChip(index: number): void {
    if (index < 0 || index >= items.length) return;
    active = index;
    chips().forEach((chip, i) => (chip.tabIndex = i === index ? 0 : -1));
    chips()[index]?.focus();
  }

  const chips = () => [...list.querySelectorAll<HTMLElement>('.chip')];

  function chip(item: string, index: number): HTMLElement {
    const metric = findMetric(item);
    const act = (label: string, name: string, onClick: () => void) =>
      h(
        'button',
        { class: 'plain-button', attrs: { 'aria-label': label, title: label, tabindex: -1 }, on: { click: onClick } },
        icon(name),
      );
    return h(
      'li',
      {
        class: 'chip',
        attrs: {
          tabindex: index === active ? 0 : -1,
          title: metric === undefined ? undefined : `${metric.label}: ${metric.definition}`,
          'aria-label': `${item}, ${index + 1} of ${items.length}`,
          'aria-description': 'Delete removes, Alt and arrow keys move',
        },
        on: { focus: () => (active = index) },
      },
      h('span', { class: 'chip-text' }, item),
      index > 0 && act(`Move ${item} before ${items[index - 1]!}`, 'arrow-left', () => move(index, index - 1)),
      act(`Remove ${item}`, 'close', () => remove(index)),
    );
  }

  return {
    element: h('div', { class: 'list-control' }, list, h('div', { class: 'list-add' }, adder.element, plus)),
    draw(state, locked) {
      const next = state.items ?? [];
      const isSame = next.join('\n') === items.join('\n');
      items = next;
      isLocked = locked;
      list.classList.toggle('is-default', !state.isSet && state.text === '');
      for (const element of [adder.element, plus]) setAttr(element, 'disabled', locked);
      list.classList.toggle('is-locked', locked);
      if (isSame) return;
      active = Math.max(0, Math.min(active, items.length - 1));
      list.replaceChildren(...items.map(chip));
      adder.setSuggestions(field.choices.filter((choice) => !items.includes(choice)));
      if (isWaiting) focusChip(active);
      isWaiting = false;
    },
    focus: () => adder.element.focus(),
  };
}
