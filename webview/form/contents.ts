import { h, icon, setAttr, setText, show } from '../shared/dom.ts';
import type { SectionView } from './section.ts';

/** The sections as a list beside the form, where there is room: what each has set, and where something is wrong. */
export function contentsOf(
  sections: readonly SectionView[],
  onChoose: (section: SectionView) => void,
): { readonly element: HTMLElement; draw(): void } {
  const entries = sections.map((section) => {
    const count = h('span', { class: 'num muted' });
    const warning = icon('error');
    const name = h('span', {}, section.title);
    const button = h('button', { on: { click: () => onChoose(section) } }, name, h('span', {}, warning, count));
    return { section, count, warning, button };
  });
  return {
    element: h(
      'nav',
      { class: 'contents', attrs: { 'aria-label': 'Sections' } },
      ...entries.map(({ button }) => button),
    ),
    draw() {
      for (const { section, count, warning, button } of entries) {
        const { nSet, nProblems } = section.summary();
        setText(count, nProblems > 0 ? String(nProblems) : nSet > 0 ? String(nSet) : '');
        setAttr(count, 'title', nProblems > 0 ? `${nProblems} problems` : `${nSet} set`);
        show(warning, nProblems > 0);
        button.classList.toggle('has-problem', nProblems > 0);
        button.classList.toggle('is-out', section.element.hidden === true);
      }
    },
  };
}
