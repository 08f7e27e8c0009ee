import { h } from '../shared/dom.ts';

/** A sentence of the table of options; what stands in backquotes there is code. */
export function helpText(help: string): HTMLElement {
  const parts = help.split('`');
  return h('span', {}, ...parts.map((part, i) => (i % 2 === 0 ? part : h('code', { class: 'mono' }, part))));
}
