import type { FieldState, FormSection, FormState } from '../../src/protocol/panels/form-data.ts';
import { h, icon, setAttr, setText, show } from '../shared/dom.ts';
import type { Edits } from './edits.ts';
import { fieldView } from './field.ts';
import type { FieldView } from './field.ts';
import { folded } from './folded.ts';
import { problemList } from './problems.ts';
import { rowsOf } from './rows.ts';

/** What is to be seen of a section. */
export interface Sight {
  /** Folded. */
  readonly filter: string;
  readonly isOnlySet: boolean;
  readonly isOpen: (path: string) => boolean;
}

/** A section with its fields or rows. */
export interface SectionView {
  readonly element: HTMLElement;
  readonly path: string;
  readonly title: string;
  readonly summary: () => { readonly nSet: number; readonly nProblems: number };
  draw(state: FormState, fields: ReadonlyMap<string, FieldState>): void;
  /** Shows what is in sight; gives how many fields that are. */
  sift(sight: Sight): number;
  /** Puts the keyboard on the first field with a problem; false when there is none. */
  focusProblem(): boolean;
}

/** What holds a section's fields: a list that stays, or rows that come and go. */
export interface FieldsOf {
  readonly element: HTMLElement;
  readonly views: () => readonly FieldView[];
  draw(state: FormState, fields: ReadonlyMap<string, FieldState>): void;
}

/** Makes the view of a section; `onToggle` hears that the person opened or closed it. */
export function sectionView(section: FormSection, edits: Edits, onToggle: (isOpen: boolean) => void): SectionView {
  const { path, title, help, isList } = section;
  const id = `section-${path === '' ? 'general' : path.replace('.', '-')}`;
  const chevron = icon('chevron-down');
  const count = h('span', { class: 'muted num' });
  const toggle = h(
    'button',
    { class: 'section-toggle', attrs: { 'aria-controls': id }, on: { click: () => onToggle(body.hidden === true) } },
    chevron,
    title,
  );
  const problems = problemList(edits);
  const lock = h('p', { class: 'muted', attrs: { hidden: true } });
  const fields = isList ? rowsOf(section, edits) : plainFields(section, edits);
  const body = h(
    'div',
    { class: 'section-body', attrs: { id } },
    h('p', { class: 'muted' }, help),
    lock,
    problems.element,
    fields.element,
  );
  const element = h(
    'section',
    { class: 'form-section', attrs: { 'aria-label': title } },
    h('h2', {}, toggle, count),
    body,
  );
  let nSet = 0;
  let nProblems = 0;
  let hasOwn = false;

  return {
    element,
    path,
    title,
    summary: () => ({ nSet, nProblems }),
    draw(state, byPath) {
      const own = state.sections.find((candidate) => candidate.path === path);
      problems.draw(own?.problems ?? []);
      setText(lock, own?.locked === undefined ? '' : `${own.locked} Change it in the text.`);
      show(lock, own?.locked !== undefined && !state.isBroken);
      fields.draw(state, byPath);
      const below = state.fields.filter((field) => sectionOf(field.path) === path);
      nSet = isList ? (own?.nItems ?? 0) : below.filter(({ isSet }) => isSet).length;
      hasOwn = (own?.problems.length ?? 0) > 0 || (own?.nItems ?? 0) > 0;
      nProblems = [own?.problems ?? [], ...below.map((field) => field.problems)].flat().length;
      setText(count, nSet === 0 ? '' : String(nSet));
      setAttr(count, 'title', isList ? `${nSet} in the list` : `${nSet} set in this file`);
    },
    sift({ filter, isOnlySet, isOpen }) {
      const isNamed = filter !== '' && folded(`${title} ${path}`).includes(filter);
      let nShown = 0;
      for (const view of fields.views()) {
        const isShown = (isNamed || view.words.includes(filter)) && (!isOnlySet || view.isNotable());
        show(view.element, isShown);
        nShown += Number(isShown);
      }
      const isEmptyList = isList && fields.views().length === 0;
      const matchesItself = isEmptyList && !isOnlySet && folded(`${title} ${path} ${help}`).includes(filter);
      const isThere = nShown > 0 || matchesItself || (hasOwn && filter === '');
      // What the filter has found is shown, also in a section that is closed.
      const open = isOpen(path) || filter !== '';
      show(element, isThere);
      show(body, open);
      setAttr(toggle, 'aria-expanded', String(open));
      setAttr(chevron, 'class', `codicon codicon-chevron-${open ? 'down' : 'right'}`);
      return nShown + Number(matchesItself);
    },
    focusProblem() {
      const view = fields.views().find(({ element: field }) => field.querySelector('.problem') !== null);
      view?.focus();
      if (view === undefined && (problems.element.hidden || nProblems === 0)) return false;
      (view?.element ?? problems.element).scrollIntoView({ block: 'center' });
      return true;
    },
  };
}

function plainFields({ fields }: FormSection, edits: Edits): FieldsOf {
  const views = fields.map((field) => ({ path: field.path, view: fieldView(field, field.path, edits) }));
  return {
    element: h('div', {}, ...views.map(({ view }) => view.element)),
    views: () => views.map(({ view }) => view),
    draw(state, byPath) {
      for (const { path, view } of views) view.draw(byPath.get(path)!, state.isBroken);
    },
  };
}

/** `training_blocks[0].training` is of `training_blocks`. */
function sectionOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.'))).replace(/\[\d+\]$/, '');
}
