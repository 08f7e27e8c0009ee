import type { SplitFile } from './data-files.ts';
import { dataProblem, missingColumns } from './data-problem.ts';
import { COLUMNS, judgementColumns, visitJudgements } from './judgement-columns.ts';
import type { RowCounts } from './judgement-columns.ts';
import type { DraftProduct, JudgementCollector } from './judgement-collector.ts';
import type { DataOptions } from './data-options.ts';
import { fillProductTexts } from './product-texts.ts';
import type { Table } from './table.ts';

/**
 * Reads a table whose rows hold a judgement; with `fields`, also the texts of its product, from the first row of each.
 * @throws ProblemError of the columns and values
 */
export async function readJudgementTable(
  table: Table,
  { split }: Pick<SplitFile, 'split'>,
  collector: JudgementCollector,
  { options, fields, counts, onGroup }: JudgementTableOptions,
): Promise<void> {
  const columns = judgementColumns(table, fields ?? [], options.version, counts);
  if (split === undefined && !columns.has.split) {
    const problem = missingColumns(table.path, [COLUMNS.split], table.columns);
    const next = 'Add a column "split" with train, dev or test, or name the files train.…, dev.… and test.…';
    throw dataProblem('data-columns', table.path, problem.problem.message, next);
  }
  for await (const group of table.groups) {
    const newProducts = new Map<number, DraftProduct>();
    await visitJudgements(group, columns, { split, locale: options.locale, counts }, (judgement, row) => {
      const isNew = collector.add(judgement);
      if (isNew) newProducts.set(row, collector.products.get(judgement.productId)!);
    });
    if (fields !== undefined) await fillProductTexts(group, newProducts, { fields, hasTitle: columns.has.title });
    onGroup(group.progress);
  }
}

export interface JudgementTableOptions {
  readonly options: DataOptions;
  /** Columns of the product's text; undefined when another file has them. */
  readonly fields: readonly string[] | undefined;
  readonly counts: RowCounts;
  /** Called after each group with the share of the file that is read. */
  readonly onGroup: (progress: number) => void;
}
