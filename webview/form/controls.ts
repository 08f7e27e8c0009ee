/** How an option is edited, by its kind. */
import type { FieldState, FormField } from '../../src/protocol/panels/form-data.ts';
import type { OptionKind } from '../../src/vocabulary/option-kind.ts';
import { h, setAttr } from '../shared/dom.ts';
import { checkbox, dropdown } from '../shared/ui.ts';
import { chipList } from './chips.ts';
import { helpText } from './help-text.ts';
import { typedField } from './typed-field.ts';

/** What a control tells: a value as a person writes it, or that the default is to apply again. */
export interface ControlEvents {
  readonly set: (value: string) => void;
  readonly reset: () => void;
  readonly addItem: (value: string) => void;
  readonly removeItem: (index: number) => void;
  readonly moveItem: (from: number, to: number) => void;
}

/** A control of one option. */
export interface Control {
  readonly element: HTMLElement;
  /** Shows the text's value; what is being typed stays. */
  draw(state: FieldState, isLocked: boolean): void;
  focus(): void;
}

/** Makes the control of a field. `label` is what readers say. */
export function controlOf(field: FormField, label: string, events: ControlEvents): Control {
  return CONTROLS[field.kind](field, label, events);
}

type MakeControl = (field: FormField, label: string, events: ControlEvents) => Control;

const CONTROLS = {
  text: typedField,
  number: typedField,
  choice: choiceControl,
  flag: flagControl,
  texts: chipList,
} as const satisfies Record<OptionKind, MakeControl>;

/** Stands for the default in a drop-down list: an empty value would be taken for none by it. */
const DEFAULT = ' default';

/** A drop-down list; its first entry is the default. A value that is none of the names is an entry of its own. */
function choiceControl(field: FormField, label: string, { set, reset }: ControlEvents): Control {
  const box = h('div', { class: 'choice' });
  let element = make(DEFAULT);

  function make(value: string): HTMLElement & { value: string } {
    const choices = [
      ...(field.isRequired ? [] : [{ value: DEFAULT, label: `Default: ${field.fallback}` }]),
      ...field.choices.map((choice) => ({ value: choice, label: choice })),
    ];
    const isOther = !choices.some((choice) => choice.value === value);
    if (isOther) choices.push({ value, label: value === '' ? 'nothing' : value });
    const made = dropdown(label, choices, value, (chosen) => (chosen === DEFAULT ? reset() : set(chosen)));
    box.replaceChildren(made);
    return made;
  }

  return {
    element: box,
    draw({ isSet, text, problems }, isLocked) {
      const value = isSet || text !== '' ? text : DEFAULT;
      // Made anew only when the value was changed elsewhere: the list that has the keyboard stays.
      if (element.value !== value) {
        const hadFocus = box.contains(document.activeElement);
        element = make(value);
        if (hadFocus) element.focus();
      }
      mark(element, isLocked, problems.length > 0);
    },
    focus: () => element.focus(),
  };
}

function flagControl(field: FormField, label: string, { set }: ControlEvents): Control {
  const element = checkbox(helpText(field.help), false, (isChecked) => set(String(isChecked)));
  setAttr(element, 'aria-label', label);
  return {
    element,
    draw({ text, problems }, isLocked) {
      const isChecked = (text === '' ? field.fallback : text) === 'true';
      if (element.checked !== isChecked) element.checked = isChecked;
      mark(element, isLocked, problems.length > 0);
    },
    focus: () => element.focus(),
  };
}

/** What every control shows the same way: that it is locked, and that its value is wrong. */
export function mark(element: HTMLElement, isLocked: boolean, isWrong: boolean): void {
  setAttr(element, 'disabled', isLocked);
  setAttr(element, 'aria-invalid', isWrong ? 'true' : undefined);
}
