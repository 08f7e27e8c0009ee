import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { findMetric } from '../../src/metrics/metric-table.ts';
import { Icon } from '../shared/components/icon.tsx';
import { Button } from '../shared/ui/button.tsx';
import { TextField } from '../shared/ui/text-field.tsx';
import type { FieldElement } from '../shared/ui/text-field.tsx';
import type { ControlProps } from './control.ts';
import { isSave } from './keys.ts';

/**
 * The items of a list as chips, and a field that adds one. Arrow keys go from chip to chip, with Alt they move it, Delete takes
 * it out.
 */
export function ChipList({ field, label, state, isLocked, events }: ControlProps) {
  const items = state.items ?? [];
  const list = useRef<HTMLUListElement>(null);
  /** The chip that the keyboard is on, and whether it is to get the focus when the list has changed. */
  const [chosen, setActive] = useState(0);
  const isWaiting = useRef(false);
  const active = Math.max(0, Math.min(chosen, items.length - 1));
  const text = items.join('\n');
  const focusChip = (index: number) => (list.current?.children[index] as HTMLElement | undefined)?.focus();
  useLayoutEffect(() => {
    if (isWaiting.current) focusChip(active);
    isWaiting.current = false;
  }, [text]);

  function move(from: number, to: number): void {
    if (to < 0 || to >= items.length) return;
    setActive(to);
    isWaiting.current = true;
    events.moveItem(from, to);
  }

  function remove(index: number): void {
    setActive(Math.min(index, items.length - 2));
    isWaiting.current = true;
    events.removeItem(index);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (isLocked || event.ctrlKey || event.metaKey) return;
    if (step !== undefined && event.altKey) move(active, active + step);
    else if (step !== undefined) focusChip(active + step);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(active);
    else return;
    event.preventDefault();
  }

  const isDefault = !state.isSet && state.text === '';
  return (
    <div class="list-control">
      <ul
        ref={list}
        class={['chips', isDefault && 'is-default', isLocked && 'is-locked'].filter(Boolean).join(' ')}
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {items.map((item, i) => (
          <Chip
            key={i}
            item={item}
            place={`${i + 1} of ${items.length}`}
            before={items[i - 1]}
            isActive={i === active}
            onFocus={() => setActive(i)}
            onMove={() => move(i, i - 1)}
            onRemove={() => remove(i)}
          />
        ))}
      </ul>
      <Adder
        label={`Add to ${label}`}
        choices={field.choices.filter((choice) => !items.includes(choice))}
        isLocked={isLocked}
        onAdd={(value) => events.addItem(value)}
      />
    </div>
  );
}

interface ChipProps {
  readonly item: string;
  /** `2 of 5`. */
  readonly place: string;
  /** The item that it can be moved before. */
  readonly before: string | undefined;
  readonly isActive: boolean;
  readonly onFocus: () => void;
  readonly onMove: () => void;
  readonly onRemove: () => void;
}

function Chip({ item, place, before, isActive, onFocus, onMove, onRemove }: ChipProps) {
  const metric = findMetric(item);
  return (
    <li
      class="chip"
      tabIndex={isActive ? 0 : -1}
      title={metric === undefined ? undefined : `${metric.label}: ${metric.definition}`}
      aria-label={`${item}, ${place}`}
      aria-description="Delete removes, Alt and arrow keys move"
      onFocus={onFocus}
    >
      <span class="chip-text">{item}</span>
      {before !== undefined && (
        <ChipButton label={`Move ${item} before ${before}`} icon="arrow-left" onClick={onMove} />
      )}
      <ChipButton label={`Remove ${item}`} icon="close" onClick={onRemove} />
    </li>
  );
}

function ChipButton({
  label,
  icon,
  onClick,
}: {
  readonly label: string;
  readonly icon: string;
  readonly onClick: () => void;
}) {
  return (
    <button class="plain-button" aria-label={label} title={label} tabIndex={-1} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

interface AdderProps {
  readonly label: string;
  readonly choices: readonly string[];
  readonly isLocked: boolean;
  readonly onAdd: (value: string) => void;
}

function Adder({ label, choices, isLocked, onAdd }: AdderProps) {
  const field = useRef<FieldElement>(null);

  function add(): void {
    const value = field.current!.value.trim();
    if (value === '') return;
    field.current!.value = '';
    onAdd(value);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' || isSave(event)) add();
    if (event.key === 'Escape') field.current!.value = '';
  }

  // Chosen from the list that the browser offers: nothing is left to type.
  function onInput(event: Event): void {
    const isChosen = !(event instanceof InputEvent) || event.inputType === 'insertReplacementText';
    if (isChosen && choices.includes(field.current!.value)) add();
  }

  return (
    <div class="list-add">
      <TextField
        field={field}
        label={label}
        placeholder="Add…"
        suggestions={choices.map((choice) => ({ value: choice, label: choice }))}
        isDisabled={isLocked}
        onInput={onInput}
        onKeyDown={onKeyDown}
      />
      <Button label={label} icon="add" isIconOnly isDisabled={isLocked} onClick={add} />
    </div>
  );
}
