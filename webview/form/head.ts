import type { FormCommand, FormState } from '../../src/protocol/panels/form-data.ts';
import { h, icon, setAttr, setText, show } from '../shared/dom.ts';
import { button, searchField } from '../shared/ui.ts';
import type { Edits } from './edits.ts';
import type { FormPanelState } from './state.ts';

export interface HeadEvents {
  readonly run: (command: FormCommand) => void;
  readonly filter: (text: string) => void;
  readonly showOnlySet: (isOnlySet: boolean) => void;
  readonly goToProblem: () => void;
}

export interface Head {
  readonly element: HTMLElement;
  draw(state: FormState): void;
  focusFilter(): void;
}

/** What can be done with the experiment, what to show of it, and what is wrong with the file as a whole. */
export function createHead(name: string, kept: FormPanelState, edits: Edits, events: HeadEvents): Head {
  const filter = searchField('Filter options', 'Filter options ( / )', events.filter);
  filter.value = kept.filter;
  filter.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || filter.value === '') return;
    filter.value = '';
    events.filter('');
  });
  let isOnlySet = kept.isOnlySet;
  const onlySet = h(
    'button',
    {
      class: 'plain-button',
      attrs: { 'aria-pressed': String(isOnlySet), title: 'Show only what this file sets, and what has a problem' },
      on: {
        click: () => {
          isOnlySet = !isOnlySet;
          setAttr(onlySet, 'aria-pressed', String(isOnlySet));
          events.showOnlySet(isOnlySet);
        },
      },
    },
    icon('filter'),
    ' Set only',
  );
  const nSet = h('span', { class: 'muted num' });
  const problems = h('button', { class: 'plain-button num', on: { click: () => events.goToProblem() } });
  const notice = h('div', { class: 'notice', attrs: { role: 'alert', hidden: true } });
  const element = h(
    'header',
    { class: 'head' },
    h(
      'div',
      { class: 'head-row' },
      h('h1', {}, name),
      h('span', { class: 'spacer' }),
      h(
        'div',
        { class: 'head-actions' },
        button({ label: 'Start', icon: 'play', onClick: () => events.run('start') }),
        button({ label: 'Dry Run', icon: 'search', isSecondary: true, onClick: () => events.run('dryRun') }),
        button({ label: 'Open as Text', icon: 'go-to-file', isSecondary: true, onClick: () => events.run('openText') }),
      ),
    ),
    h('div', { class: 'head-row' }, filter, onlySet, nSet, problems),
    notice,
  );

  return {
    element,
    draw(state) {
      setText(nSet, `${state.fields.filter(({ isSet }) => isSet).length} set`);
      const all = [...state.fields, ...state.sections, ...state.textOnly, state].flatMap((part) => part.problems);
      show(problems, all.length > 0);
      setText(problems, all.length === 1 ? '1 problem' : `${all.length} problems`);
      drawNotice(notice, state, edits);
    },
    focusFilter: () => filter.focus(),
  };
}

function drawNotice(notice: HTMLElement, { isBroken, problems }: FormState, edits: Edits): void {
  show(notice, problems.length > 0);
  const now = JSON.stringify([isBroken, problems]);
  if (notice.dataset['drawn'] === now) return;
  notice.dataset['drawn'] = now;
  const line = problems[0]?.line ?? 1;
  notice.replaceChildren(
    ...problems.map(({ message, line: at, fix }) =>
      h(
        'p',
        {},
        icon('error'),
        `Line ${at}: ${message} `,
        fix !== undefined &&
          h('button', { class: 'link', on: { click: () => edits.fix({ line: at, title: fix }) } }, fix),
      ),
    ),
    h(
      'p',
      {},
      isBroken && 'The form shows what can be read, and edits again once the text is mended.',
      ' ',
      h('button', { class: 'link', on: { click: () => edits.reveal(line) } }, 'Open the text'),
    ),
  );
}
