/** What became of the tries of one fault. */
export interface Row {
  readonly name: string;
  readonly nTries: number;
  /** Why something was lost, a message for each try that lost something. */
  readonly lost: string[];
  /** Tries in which the fault did not happen, or the test itself failed. */
  readonly broken: string[];
  /** Why it cannot be tried here. */
  skipped: string | undefined;
  /** All tries together. */
  seconds: number;
}

/** Whether a fault lost something, or was not tested. */
export function hasLost({ lost, broken }: Row): boolean {
  return lost.length + broken.length > 0;
}

/** Prints the table of faults. */
export function printTable(rows: readonly Row[], { seed, seconds }: { seed: number; seconds: number }): void {
  const width = Math.max(...rows.map(({ name }) => name.length), 5);
  console.log(`\n${'fault'.padEnd(width)}  tries   lost  seconds`);
  for (const row of rows) {
    const tries = row.skipped === undefined ? row.nTries : 0;
    const broken = row.broken.length === 0 ? '' : `  ${row.broken.length} did not test anything`;
    const skipped = row.skipped === undefined ? '' : `  SKIPPED: ${row.skipped}`;
    const numbers = [
      String(tries).padStart(5),
      String(row.lost.length).padStart(5),
      row.seconds.toFixed(0).padStart(7),
    ];
    console.log(`${row.name.padEnd(width)}  ${numbers.join('  ')}${skipped}${broken}`);
  }
  const total = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const nTries = total((row) => (row.skipped === undefined ? row.nTries : 0));
  const nLost = total(({ lost }) => lost.length);
  console.log(`\nSeed ${seed}: ${nTries} tries in ${seconds.toFixed(0)} s, lost: ${nLost}`);
}
