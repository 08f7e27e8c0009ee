import type { TargetedKeyboardEvent } from 'preact';
import './segments.css';

export interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly values: readonly T[];
  readonly value: T;
  readonly nameOf?: (value: T) => string;
  readonly onChange: (value: T) => void;
}

/** A choice of few, all visible: a radio group whose arrow keys choose. */
export function Segments<T extends string>({ label, values, value, nameOf, onChange }: SegmentsProps<T>) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const buttons = [...event.currentTarget.children] as HTMLElement[];
    const at = buttons.indexOf(event.target as HTMLElement);
    if (move === undefined || at < 0) return;
    event.preventDefault();
    const next = (at + move + values.length) % values.length;
    onChange(values[next]!);
    buttons[next]!.focus();
  };
  return (
    <div class="segments" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {values.map((one) => (
        <button
          key={one}
          class="plain-button"
          role="radio"
          aria-checked={one === value}
          tabIndex={one === value ? 0 : -1}
          onClick={() => onChange(one)}
        >
          {nameOf === undefined ? one : nameOf(one)}
        </button>
      ))}
    </div>
  );
}
