import { h, setAttr } from './dom.ts';

/** A choice of few, all visible: a radio group whose arrow keys choose. */
export function segments<T extends string>(
  label: string,
  values: readonly T[],
  value: T,
  onChange: (value: T) => void,
  nameOf: (value: T) => string = (name) => name,
): HTMLElement {
  const buttons = values.map((v) =>
    h('button', { class: 'plain-button', attrs: { role: 'radio' }, on: { click: () => choose(v) } }, nameOf(v)),
  );
  function mark(chosen: T): void {
    buttons.forEach((button, i) => {
      setAttr(button, 'aria-checked', values[i] === chosen ? 'true' : 'false');
      button.tabIndex = values[i] === chosen ? 0 : -1;
    });
  }
  function choose(chosen: T): void {
    mark(chosen);
    onChange(chosen);
  }
  mark(value);
  const onKey = (event: KeyboardEvent) => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    if (move === undefined || at < 0) return;
    event.preventDefault();
    const next = (at + move + values.length) % values.length;
    choose(values[next]!);
    buttons[next]!.focus();
  };
  return h(
    'div',
    { class: 'segments', attrs: { role: 'radiogroup', 'aria-label': label }, on: { keydown: onKey } },
    ...buttons,
  );
}
