import type { FormField, FormSection, FormState } from '../../src/protocol/panels/form-data.ts';
import { h, setAttr, show } from '../shared/dom.ts';
import { button } from '../shared/ui.ts';
import type { Edits } from './edits.ts';
import { fieldView } from './field.ts';
import type { FieldView } from './field.ts';
import type { FieldsOf } from './section.ts';

interface Row {
  readonly element: HTMLElement;
  readonly remove: HTMLElement;
  readonly views: readonly FieldView[];
}

/** A list of mappings: a row each, and a button for each name that has none yet. */
export function rowsOf({ path, title, fields }: FormSection, edits: Edits): FieldsOf {
  const list = h('ol', { class: 'rows', attrs: { 'aria-label': title } });
  const adders = h('div', { class: 'adders' });
  /** The field whose value names a row. */
  const naming = fields.find(({ isRequired }) => isRequired);
  const rows: Row[] = [];
  let focusAt: number | undefined;

  function row(index: number): Row {
    const views = fields.map((field) => fieldView(rowField(field), `${path}[${index}].${field.name}`, edits));
    const remove = button({
      label: `Remove item ${index + 1}`,
      icon: 'trash',
      isIconOnly: true,
      onClick: () => {
        focusAt = Math.min(index, rows.length - 2);
        void edits.change({ kind: 'removeItem', path, index }).catch(edits.report);
      },
    });
    return { element: h('li', { class: 'row' }, ...views.map(({ element }) => element), remove), remove, views };
  }

  const adderOf = (value: string) => ({
    value,
    element: button({
      label: value,
      icon: 'add',
      isSecondary: true,
      onClick: () => {
        focusAt = rows.length;
        void edits.change({ kind: 'addItem', path, value }).catch(edits.report);
      },
    }),
  });
  const all = (naming?.choices ?? []).map(adderOf);
  adders.append(...all.map(({ element }) => element));

  function draw(state: FormState, byPath: Parameters<FieldsOf['draw']>[1]): void {
    const section = state.sections.find((candidate) => candidate.path === path);
    const nItems = section?.nItems ?? 0;
    const isLocked = state.isBroken || section?.locked !== undefined;
    while (rows.length > nItems) rows.pop()!.element.remove();
    while (rows.length < nItems) {
      rows.push(row(rows.length));
      list.append(rows.at(-1)!.element);
    }
    const taken = new Set<string | undefined>();
    rows.forEach(({ views, remove }, i) => {
      fields.forEach((field, k) => {
        const found = byPath.get(`${path}[${i}].${field.name}`)!;
        if (field === naming) taken.add(found.text);
        views[k]!.draw(found, state.isBroken);
      });
      setAttr(remove, 'disabled', isLocked);
    });
    for (const { value, element } of all) {
      show(element, !taken.has(value));
      setAttr(element, 'disabled', isLocked);
    }
    if (focusAt !== undefined) (rows[focusAt]?.remove ?? all[0]?.element)?.focus();
    focusAt = undefined;
  }

  return { element: h('div', {}, list, adders), views: () => rows.flatMap(({ views }) => views), draw };
}

/** In a row the names of the columns say enough. */
function rowField(field: FormField): FormField {
  return field.kind === 'flag' ? { ...field, help: field.name } : field;
}
