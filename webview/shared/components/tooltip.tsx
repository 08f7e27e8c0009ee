import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import './tooltip.css';

/** What is described now: a text, and the element that it is about. */
const described = signal<{ readonly text: string; readonly anchor: Element } | undefined>(undefined);
const close = () => void (described.value = undefined);

/** Properties of an element that a text describes: beside it while it is hovered or focused, until Esc, and to readers. */
export function describedBy(text: string) {
  const open = (event: Event) => void (described.value = { text, anchor: event.currentTarget as Element });
  return {
    'aria-description': text,
    onPointerEnter: open,
    onFocus: open,
    onPointerLeave: close,
    onBlur: close,
    onKeyDown: (event: KeyboardEvent) => event.key === 'Escape' && close(),
  };
}

/** The place of the texts of `describedBy`; once in a page. */
export function Tooltip() {
  const shown = described.value;
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (shown === undefined || bubble.current === null) return;
    const anchor = shown.anchor.getBoundingClientRect();
    const { width, height } = bubble.current.getBoundingClientRect();
    const isBelow = anchor.bottom + height + 8 < innerHeight;
    const top = isBelow ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4);
    bubble.current.style.setProperty('left', `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`);
    bubble.current.style.setProperty('top', `${top}px`);
  }, [shown]);
  if (shown === undefined) return null;
  return (
    <div ref={bubble} class="tooltip" aria-hidden="true">
      {shown.text}
    </div>
  );
}
