/** What the form shows of an experiment's sections, as data: pure functions of the table of options, the text's state and the filter. */
import type {
  FieldState,
  FormField,
  FormSection,
  FormState,
  SectionState,
} from '../../src/protocol/panels/form-data.ts';
import { folded } from './folded.ts';

/** Which options are shown. */
export interface FormFilter {
  /** As it was typed. */
  readonly text: string;
  /** Whether only options are shown that the file sets, and those with a problem. */
  readonly isOnlySet: boolean;
}

/** An option at a path with indices. */
export interface FieldView {
  readonly field: FormField;
  readonly state: FieldState;
  readonly isShown: boolean;
}

export interface SectionView {
  readonly section: FormSection;
  /** What the text says of the section itself; undefined where it says nothing. */
  readonly state: SectionState | undefined;
  /** Its fields; of a list, those of each item after those of the one before. */
  readonly fields: readonly FieldView[];
  readonly isShown: boolean;
  /** Options that match the filter; an empty list that matches counts as one. */
  readonly nMatches: number;
  /** Options that the file sets, or items of a list. */
  readonly nSet: number;
  readonly nProblems: number;
}

/** The sections in the order of the table. */
export function sectionViews(
  sections: readonly FormSection[],
  state: FormState,
  { text, isOnlySet }: FormFilter,
): SectionView[] {
  const byPath = new Map(state.fields.map((field) => [field.path, field]));
  const query = folded(text);
  return sections.map((section) => {
    const own = state.sections.find(({ path }) => path === section.path);
    const isNamed = query !== '' && folded(`${section.title} ${section.path}`).includes(query);
    const fields = fieldsOf(section, own?.nItems ?? 0).map(({ field, path }): FieldView => {
      const fieldState = byPath.get(path) ?? { path, isSet: false, text: '', problems: [] };
      const matches = isNamed || wordsOf(field, path).includes(query);
      return { field, state: fieldState, isShown: matches && (!isOnlySet || isNotable(fieldState)) };
    });
    const nShown = fields.filter(({ isShown }) => isShown).length;
    const words = folded(`${section.title} ${section.path} ${section.help}`);
    const isMatchingList = section.isList && fields.length === 0 && !isOnlySet && words.includes(query);
    const problems = own?.problems ?? [];
    const hasOwn = problems.length > 0 || (own?.nItems ?? 0) > 0;
    const states = fields.map((view) => view.state);
    return {
      section,
      state: own,
      fields,
      isShown: nShown > 0 || isMatchingList || (hasOwn && query === ''),
      nMatches: nShown + Number(isMatchingList),
      nSet: section.isList ? (own?.nItems ?? 0) : states.filter(({ isSet }) => isSet).length,
      nProblems: problems.length + states.reduce((sum, field) => sum + field.problems.length, 0),
    };
  });
}

/** Where the first problem stands, in reading order; undefined when no section has one. */
export function firstProblem(
  views: readonly SectionView[],
): { readonly kind: 'field' | 'section'; readonly path: string } | undefined {
  const view = views.find(({ nProblems }) => nProblems > 0);
  const field = view?.fields.find(({ state }) => state.problems.length > 0);
  if (field !== undefined) return { kind: 'field', path: field.state.path };
  return view === undefined ? undefined : { kind: 'section', path: view.section.path };
}

/** The fields of a section with their paths in the text. */
function fieldsOf({ path, fields, isList }: FormSection, nItems: number) {
  if (!isList) return fields.map((field) => ({ field, path: field.path }));
  return Array.from({ length: nItems }, (_, i) =>
    fields.map((field) => ({ field: rowField(field), path: `${path}[${i}].${field.name}` })),
  ).flat();
}

/** In a row the names of the columns say enough. */
function rowField(field: FormField): FormField {
  return field.kind === 'flag' ? { ...field, help: field.name } : field;
}

/** What the filter looks into. */
function wordsOf({ help, choices }: FormField, path: string): string {
  return folded(`${path} ${help} ${choices.join(' ')}`);
}

/** Whether an option stays when only what the file sets is shown. */
function isNotable({ isSet, text, problems }: FieldState): boolean {
  return isSet || text !== '' || problems.length > 0;
}
