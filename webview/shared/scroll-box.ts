import { h, onFrame } from './dom.ts';

/** A box that scrolls sideways what is wider than itself, and fades at its right edge while there is more. */
export function scrollBox(): HTMLElement {
  const box = h('div', { class: 'table-scroll', on: { scroll: () => look() } });
  const look = onFrame(() => {
    // Scrolled positions may be fractions of a pixel short of the end.
    box.classList.toggle('has-more', box.scrollWidth - box.clientWidth - box.scrollLeft > 1);
  });
  const sizes = new ResizeObserver(look);
  sizes.observe(box);
  new MutationObserver(() => {
    sizes.disconnect();
    for (const element of [box, ...box.children]) sizes.observe(element);
  }).observe(box, { childList: true });
  return box;
}
