import { useLayoutEffect, useRef } from 'preact/hooks';
import { inputOf, TextField } from '../shared/ui/text-field.tsx';
import type { FieldElement } from '../shared/ui/text-field.tsx';
import type { ControlProps } from './control.ts';
import { isSave } from './keys.ts';

/** A pause after which what was typed is written, so that the text beside follows and saving misses nothing. */
const PAUSE_MS = 500;

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** A field for a text or a number. An empty one stands for the default, which it shows as its placeholder. */
export function TypedField({ field, label, state, isLocked, events }: ControlProps) {
  const element = useRef<FieldElement>(null);
  /** What the text says, also for the end of a pause that began before it changed. */
  const saved = useRef(state.text);
  saved.current = state.text;
  /** Whether something was typed that is not written yet. */
  const isDraft = useRef(false);
  const timer = useRef<number | undefined>(undefined);

  useLayoutEffect(() => {
    if (!isDraft.current) writeValue(element.current!, state.text);
  });
  useLayoutEffect(() => () => clearTimeout(timer.current), []);

  function commit(): void {
    clearTimeout(timer.current);
    if (!isDraft.current) return;
    isDraft.current = false;
    const value = element.current!.value.trim();
    if (value === saved.current.trim()) return;
    if (value === '' && !field.isRequired) events.reset();
    else events.set(value);
  }

  function onInput(): void {
    isDraft.current = true;
    clearTimeout(timer.current);
    const value = element.current!.value.trim();
    // An empty field or half a number is on its way to something else.
    const isWhole = field.kind === 'number' ? NUMBER.test(value) : value !== '';
    if (isWhole) timer.current = setTimeout(commit, PAUSE_MS);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' || isSave(event)) commit();
    // What is typed is taken back by itself; the editor's undo is for what is written.
    else if (isCommand && event.key.toLowerCase() === 'z' && isDraft.current) event.stopPropagation();
    else if (event.key === 'Escape' && isDraft.current) {
      clearTimeout(timer.current);
      isDraft.current = false;
      writeValue(element.current!, saved.current);
    }
  }

  return (
    <TextField
      field={element}
      label={`${label}, ${field.expected}`}
      placeholder={field.isRequired ? `Required: ${field.expected}` : field.fallback}
      suggestions={
        state.suggestions?.map(({ value, name }) => ({ value, label: name })) ??
        field.choices.map((choice) => ({ value: choice, label: choice }))
      }
      isDisabled={isLocked}
      isInvalid={state.problems.some(({ severity }) => severity === 'error')}
      onInput={onInput}
      onChange={commit}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}

/** Keeps the caret where it is. */
function writeValue(element: FieldElement, text: string): void {
  if (element.value === text) return;
  const input = inputOf(element);
  const caret = document.activeElement === element ? input?.selectionStart : undefined;
  // The toolkit hands a value on a moment later, which would move the caret to the end.
  if (input !== undefined) input.value = text;
  element.value = text;
  if (caret != null) input?.setSelectionRange(caret, caret);
}
