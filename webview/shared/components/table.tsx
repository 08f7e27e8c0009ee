import type { ComponentChildren } from 'preact';
import { ScrollBox } from './scroll-box.tsx';
import { describedBy } from './tooltip.tsx';
import './table.css';

/** What stands in a cell. */
export interface Cell {
  readonly content: ComponentChildren;
  /** Shown beside the cell while it is hovered or focused. */
  readonly description?: string;
  readonly isStrong?: boolean;
}

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly cell: (row: Row) => Cell;
}

export interface TableProps<Row> {
  /** What the rows are, and what names each. */
  readonly rowHead: { readonly label: string; readonly cell: (row: Row) => Cell };
  /** Columns of numbers. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** A table of numbers: what a row is about stays while its values scroll, and selecting and copying gives tab-separated text. */
export function Table<Row>({ rowHead, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <ScrollBox>
      <table class="table is-pinned">
        <thead>
          <tr>
            <th scope="col">{rowHead.label}</th>
            {columns.map(({ id, label, description }) => (
              <th key={id} class="num" scope="col" {...about(description)}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { content, description } = rowHead.cell(row);
            return (
              <tr key={keyOf(row)}>
                <th scope="row" {...about(description)}>
                  {content}
                </th>
                {columns.map(({ id, cell }) => {
                  const { content: value, description: meaning, isStrong } = cell(row);
                  return (
                    <td key={id} class={isStrong === true ? 'num strong' : 'num'} {...about(meaning)}>
                      {value}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function about(description: string | undefined) {
  return description === undefined ? {} : { tabIndex: 0, ...describedBy(description) };
}
