import * as cells from './cells.ts';
import { missingColumns } from './data-problem.ts';
import type { Split } from './judged-query.ts';
import type { JudgementRow } from './judgement-collector.ts';
import type { DataOptions } from './data-options.ts';
import type { RowGroup, Table } from './table.ts';

/** Names of the columns, as the Shopping Queries Dataset has them. */
export const COLUMNS = {
  query: 'query',
  queryId: 'query_id',
  productId: 'product_id',
  title: 'product_title',
  locale: 'product_locale',
  label: 'esci_label',
  split: 'split',
} as const;

/** Column of a version's flag. */
const VERSION_COLUMNS = { small: 'small_version', large: 'large_version', all: undefined } as const;

/** What rows were read and left out, for the message when nothing is left. */
export interface RowCounts {
  nRows: number;
  /** Rows of each locale. */
  readonly locales: Map<string, number>;
  /** Rows of the wanted locale that are not of the wanted version. */
  nOtherVersion: number;
  /** Columns that a filter needs and a file lacks, so that the filter was left out. */
  readonly missingFilters: Set<string>;
}

/** Which of a table's columns tell a judgement, found once a table. */
export interface JudgementColumns {
  readonly has: Readonly<Record<keyof typeof COLUMNS, boolean>>;
  readonly version: string | undefined;
}

/**
 * Checks that a table has what a judgement needs. Query ids, locale and version are optional: without them queries are told
 * apart by text and nothing is filtered.
 * @throws ProblemError `data-columns`
 */
export function judgementColumns(
  table: Table,
  needed: readonly string[],
  version: DataOptions['version'],
  counts: RowCounts,
): JudgementColumns {
  const required = [COLUMNS.query, COLUMNS.productId, COLUMNS.label, ...needed];
  const missing = [...new Set(required)].filter((name) => !table.columns.includes(name));
  if (missing.length > 0) throw missingColumns(table.path, missing, table.columns);
  const names = new Set(table.columns);
  const has = Object.fromEntries(
    Object.entries(COLUMNS).map(([key, name]) => [key, names.has(name)]),
  ) as JudgementColumns['has'];
  const versionColumn = VERSION_COLUMNS[version];
  if (versionColumn !== undefined && !names.has(versionColumn)) counts.missingFilters.add(versionColumn);
  if (!has.locale) counts.missingFilters.add(COLUMNS.locale);
  return { has, version: versionColumn !== undefined && names.has(versionColumn) ? versionColumn : undefined };
}

/**
 * Visits the judgements of a group that the options ask for, in order, with the number of their row. `split` is the file's, or
 * undefined to read each row's. Rows that a filter leaves out are not checked further.
 * @throws ProblemError `data-value`, `data-label`
 */
export async function visitJudgements(
  group: RowGroup,
  columns: JudgementColumns,
  { split, locale, counts }: { split: Split | undefined; locale: string; counts: RowCounts },
  visit: (judgement: JudgementRow, row: number) => void,
): Promise<void> {
  const rows = await keptRows(group, columns, locale, counts);
  if (rows.length === 0) return;
  const read = async (name: string) => {
    const values = await group.column(name);
    return (row: number) => ({ value: values(row), group, row, column: name });
  };
  const query = await read(COLUMNS.query);
  const queryId = columns.has.queryId ? await read(COLUMNS.queryId) : undefined;
  const productId = await read(COLUMNS.productId);
  const label = await read(COLUMNS.label);
  const splitCell = split === undefined ? await read(COLUMNS.split) : undefined;
  for (const row of rows) {
    const judgement = {
      split: split ?? cells.readSplit(splitCell!(row)),
      queryId: queryId && cells.readIdentifier(queryId(row)),
      query: cells.readTextCell(query(row)),
      productId: cells.readIdentifier(productId(row)),
      label: cells.readLabel(label(row)),
    };
    visit(judgement, row);
  }
}

/** Numbers of the rows of the wanted locale and version. */
async function keptRows(
  group: RowGroup,
  { has, version }: JudgementColumns,
  locale: string,
  counts: RowCounts,
): Promise<number[]> {
  counts.nRows += group.nRows;
  const locales = has.locale ? await group.column(COLUMNS.locale) : undefined;
  const flags = version === undefined ? undefined : await group.column(version);
  const keep: number[] = [];
  for (let row = 0; row < group.nRows; row++) {
    if (locales !== undefined) {
      const found = cells.readTextCell({ value: locales(row), group, row, column: COLUMNS.locale });
      counts.locales.set(found, (counts.locales.get(found) ?? 0) + 1);
      if (found !== locale) continue;
    }
    if (flags !== undefined && !cells.readFlag({ value: flags(row), group, row, column: version! })) {
      counts.nOtherVersion++;
      continue;
    }
    keep.push(row);
  }
  return keep;
}
