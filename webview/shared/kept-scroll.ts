import { onFrame } from './dom.ts';
import type { KeptState } from './host.ts';

/** Scrolls the page to where it was, once it is drawn, and keeps where it is from then on. */
export function keepScroll(state: KeptState<{ readonly scrollTop: number }>): void {
  requestAnimationFrame(() => scrollTo({ top: state.value.scrollTop }));
  addEventListener(
    'scroll',
    onFrame(() => state.change({ scrollTop: document.documentElement.scrollTop })),
  );
}
