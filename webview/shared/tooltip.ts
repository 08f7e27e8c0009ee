import { h, setAttr } from './dom.ts';

let bubble: HTMLElement | undefined;

/** Shows a text beside an element while it is hovered or focused; Esc hides it. The element is described by it for readers. */
export function tooltip(element: HTMLElement, text: string): void {
  setAttr(element, 'aria-description', text);
  const open = () => showBubble(element, text);
  element.addEventListener('pointerenter', open);
  element.addEventListener('focus', open);
  element.addEventListener('pointerleave', closeBubble);
  element.addEventListener('blur', closeBubble);
  element.addEventListener('keydown', (event) => event.key === 'Escape' && closeBubble());
}

function showBubble(element: HTMLElement, text: string): void {
  closeBubble();
  bubble = h('div', { class: 'tooltip', attrs: { 'aria-hidden': 'true' } }, text);
  document.body.append(bubble);
  const anchor = element.getBoundingClientRect();
  const size = bubble.getBoundingClientRect();
  const left = Math.max(8, Math.min(anchor.left, innerWidth - size.width - 8));
  const isBelow = anchor.bottom + size.height + 8 < innerHeight;
  const top = isBelow ? anchor.bottom + 4 : Math.max(8, anchor.top - size.height - 4);
  bubble.style.setProperty('left', `${left}px`);
  bubble.style.setProperty('top', `${top}px`);
}

function closeBubble(): void {
  bubble?.remove();
  bubble = undefined;
}
