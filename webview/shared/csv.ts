import { csvText } from '../../src/vocabulary/words/csv.ts';
import type { CsvValue } from '../../src/vocabulary/words/csv.ts';

/** A table as CSV with a header, as the terminal and the editor export it. */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  return csvText(header, rows);
}
