import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onFrame } from '../dom.ts';
import './scroll-box.css';

/** A box that scrolls sideways what is wider than itself, and fades at its right edge while there is more. */
export function ScrollBox({ children }: { readonly children?: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const hasMore = useSignal(false);
  const measure = useRef(
    onFrame(() => {
      if (box.current === null) return;
      const { scrollWidth, clientWidth, scrollLeft } = box.current;
      // Scrolled positions may be fractions of a pixel short of the end.
      hasMore.value = scrollWidth - clientWidth - scrollLeft > 1;
    }),
  ).current;
  useLayoutEffect(() => {
    const element = box.current!;
    const sizes = new ResizeObserver(measure);
    const observeAll = () => {
      sizes.disconnect();
      for (const one of [element, ...element.children]) sizes.observe(one);
    };
    observeAll();
    const contents = new MutationObserver(observeAll);
    contents.observe(element, { childList: true });
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, []);
  return (
    <div ref={box} class={hasMore.value ? 'table-scroll has-more' : 'table-scroll'} onScroll={measure}>
      {children}
    </div>
  );
}
