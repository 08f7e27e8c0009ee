import { readIdentifier, readTextCell } from './cells.ts';
import { missingColumns } from './data-problem.ts';
import { COLUMNS } from './judgement-columns.ts';
import type { DraftProduct } from './judgement-collector.ts';
import { fillProductTexts } from './product-texts.ts';
import type { RowGroup, Table } from './table.ts';

/**
 * Fills the products of `pending` (id → product) from a table of products, joined on locale and id, and takes each that was
 * found out of it: what is left has no row. Stops reading when nothing is left.
 * @throws ProblemError of the columns and values
 */
export async function readProductTable(
  table: Table,
  pending: Map<string, DraftProduct>,
  { locale, fields, onGroup }: ProductTableOptions,
): Promise<void> {
  const missing = [COLUMNS.productId, ...fields].filter((name) => !table.columns.includes(name));
  if (missing.length > 0) throw missingColumns(table.path, missing, table.columns);
  const hasTitle = table.columns.includes(COLUMNS.title);
  const hasLocale = table.columns.includes(COLUMNS.locale);
  for await (const group of table.groups) {
    const targets = await takePending(group, pending, hasLocale ? locale : undefined);
    await fillProductTexts(group, targets, { fields, hasTitle });
    onGroup(group.progress);
    if (pending.size === 0) return;
  }
}

export interface ProductTableOptions {
  readonly locale: string;
  readonly fields: readonly string[];
  /** Called after each group with the share of the file that is read. */
  readonly onGroup: (progress: number) => void;
}

/** Row → wanted product. The same product twice: the first row counts. */
async function takePending(
  group: RowGroup,
  pending: Map<string, DraftProduct>,
  locale: string | undefined,
): Promise<Map<number, DraftProduct>> {
  const locales = locale === undefined ? undefined : await group.column(COLUMNS.locale);
  const ids = await group.column(COLUMNS.productId);
  const targets = new Map<number, DraftProduct>();
  for (let row = 0; row < group.nRows; row++) {
    if (locales !== undefined && readTextCell({ value: locales(row), group, row, column: COLUMNS.locale }) !== locale)
      continue;
    const id = readIdentifier({ value: ids(row), group, row, column: COLUMNS.productId });
    const product = pending.get(id);
    if (product === undefined) continue;
    targets.set(row, product);
    pending.delete(id);
  }
  return targets;
}
