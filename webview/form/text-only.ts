import type { TextOnly } from '../../src/protocol/panels/form-data.ts';
import { h, setText, show } from '../shared/dom.ts';
import type { Edits } from './edits.ts';
import { lineLink, problemList } from './problems.ts';

/** Keys of the file that are no option: kept as they are, and one click away in the text. */
export function textOnlyView(edits: Edits): { readonly element: HTMLElement; draw(keys: readonly TextOnly[]): void } {
  const list = h('ul', { class: 'text-only' });
  const count = h('span', { class: 'muted num' });
  const element = h(
    'section',
    { class: 'form-section', attrs: { 'aria-label': 'Only in the text', hidden: true } },
    h('h2', {}, h('span', { class: 'section-title' }, 'Only in the text'), count),
    h('p', { class: 'muted' }, 'Keys of the file that are no option. The form leaves them as they are.'),
    list,
  );
  let drawn = '';
  return {
    element,
    draw(keys) {
      show(element, keys.length > 0);
      const now = JSON.stringify(keys);
      if (now === drawn) return;
      drawn = now;
      setText(count, String(keys.length));
      list.replaceChildren(...keys.map((key) => textOnlyItem(key, edits)));
    },
  };
}

function textOnlyItem({ path, value, line, problems }: TextOnly, edits: Edits): HTMLElement {
  const said = problemList(edits, false);
  said.draw(problems);
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'text-only-key' },
      h('span', { class: 'field-name' }, path),
      h('span', { class: 'mono muted text-only-value' }, value),
      lineLink(line, edits),
    ),
    said.element,
  );
}
