import { readTextOrNull } from './cells.ts';
import { COLUMNS } from './judgement-columns.ts';
import type { DraftProduct } from './judgement-collector.ts';
import type { RowGroup } from './table.ts';

/**
 * Fills title and text of the products that `targets` has at their row, in the order of rows; null and empty fields are left out of the text.
 * Column by column, so that a group of long descriptions is never in memory with its titles.
 * @throws ProblemError `data-value`
 */
export async function fillProductTexts(
  group: RowGroup,
  targets: ReadonlyMap<number, DraftProduct>,
  { fields, hasTitle }: { readonly fields: readonly string[]; readonly hasTitle: boolean },
): Promise<void> {
  if (targets.size === 0) return;
  const isField = new Set(fields);
  for (const column of new Set(hasTitle ? [...fields, COLUMNS.title] : fields)) {
    const values = await group.column(column);
    for (const [row, product] of targets) {
      const text = readTextOrNull({ value: values(row), group, row, column });
      if (text === null || text === '') continue;
      if (column === COLUMNS.title) product.title = text;
      if (isField.has(column)) product.text = product.text === '' ? text : `${product.text} ${text}`;
    }
  }
}
