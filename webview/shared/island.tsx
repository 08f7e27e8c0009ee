/** The border between components and what is still made by hand: the table of queries, rankings, the table of compared runs. */
import { render } from 'preact';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A place in a component for an element that was made by hand. */
export function Island({ element }: { readonly element: HTMLElement }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(element), [element]);
  return <div ref={place} class="island" />;
}

/** The element of a component, for a place in what is made by hand. */
export function elementOf(component: VNode): HTMLElement {
  const box = document.createElement('div');
  render(component, box);
  return box.firstElementChild as HTMLElement;
}
