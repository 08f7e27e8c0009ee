import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Locks a control of the toolkit by its attribute: it would write the one of a property only before the next frame. */
export function useDisabled(control: RefObject<HTMLElement | null>, isDisabled: boolean): void {
  useLayoutEffect(() => void control.current?.toggleAttribute('disabled', isDisabled), [isDisabled]);
}
