import type { FormField } from '../../src/protocol/panels/form-data.ts';
import { textField } from '../shared/ui.ts';
import { isSave } from './keys.ts';
import { mark } from './controls.ts';
import type { Control, ControlEvents } from './controls.ts';

/** A pause after which what was typed is written, so that the text beside follows and saving misses nothing. */
const PAUSE_MS = 500;

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** A field for a text or a number. An empty one stands for the default, which it shows as its placeholder. */
export function typedField(field: FormField, label: string, { set, reset }: ControlEvents): Control {
  const control = textField({
    label: `${label}, ${field.expected}`,
    placeholder: field.isRequired ? `Required: ${field.expected}` : field.fallback,
    suggestions: field.choices,
  });
  const { element, input } = control;
  /** What the text says. */
  let known = '';
  /** Whether something was typed that is not written yet. */
  let isDraft = false;
  let timer: number | undefined;
  let suggested = '';

  function commit(): void {
    clearTimeout(timer);
    if (!isDraft) return;
    isDraft = false;
    const value = element.value.trim();
    if (value === known.trim()) return;
    if (value === '' && !field.isRequired) reset();
    else set(value);
  }

  element.addEventListener('input', () => {
    isDraft = true;
    clearTimeout(timer);
    // An empty field or half a number is on its way to something else.
    const isWhole = field.kind === 'number' ? NUMBER.test(element.value.trim()) : element.value.trim() !== '';
    if (isWhole) timer = setTimeout(commit, PAUSE_MS);
  });
  element.addEventListener('change', commit);
  element.addEventListener('blur', commit);
  element.addEventListener('keydown', (event) => {
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' || isSave(event)) commit();
    // What is typed is taken back by itself; the editor's undo is for what is written.
    else if (isCommand && event.key.toLowerCase() === 'z' && isDraft) event.stopPropagation();
    else if (event.key === 'Escape' && isDraft) {
      clearTimeout(timer);
      isDraft = false;
      write(known);
    }
  });

  /** Keeps the caret where it is. */
  function write(text: string): void {
    if (element.value === text) return;
    const inner = input();
    const caret = document.activeElement === element ? inner?.selectionStart : undefined;
    // The toolkit hands a value on a moment later, which would move the caret to the end.
    if (inner !== undefined) inner.value = text;
    element.value = text;
    if (caret != null) inner?.setSelectionRange(caret, caret);
  }

  return {
    element,
    draw({ text, problems, suggestions }, isLocked) {
      known = text;
      const now = JSON.stringify(suggestions);
      if (suggestions !== undefined && now !== suggested) {
        suggested = now;
        control.setSuggestions(suggestions.map(({ value, name }) => ({ value, label: name })));
      }
      if (!isDraft) write(text);
      mark(
        element,
        isLocked,
        problems.some(({ severity }) => severity === 'error'),
      );
    },
    focus: () => element.focus(),
  };
}
