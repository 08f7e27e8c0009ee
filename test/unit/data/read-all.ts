import { openTable } from '../../../src/data/open-table.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';

/** What became of a file: how many cells it has, or the problem; anything else is a bug. */
export interface Outcome {
  readonly nCells: number;
  readonly code: string;
  readonly message: string;
}

/** Reads every value of a data file with the reader that training uses. A failure that is no problem of the file is thrown. */
export async function readAll(path: string): Promise<Outcome> {
  try {
    const table = await openTable(path);
    let nCells = 0;
    try {
      for await (const group of table.groups) {
        for (const name of table.columns) {
          const valueAt = await group.column(name);
          for (let row = 0; row < group.nRows; row++) if (valueAt(row) !== null) nCells++;
        }
      }
    } finally {
      await table.close();
    }
    return { nCells, code: '', message: '' };
  } catch (error) {
    if (error instanceof ProblemError) return { nCells: 0, code: error.problem.code, message: error.problem.message };
    throw error;
  }
}
