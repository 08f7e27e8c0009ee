import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the recorded runs lie; `record.ts` makes them. */
export const RECORDED = fileURLToPath(new URL('../fixtures/runs/', import.meta.url));

/** Ids of the recorded runs, each with its learning rate. */
export const RECORDED_RUNS = {
  '20261125-120000-quickstart-a1b2c3': '1e-4',
  '20261125-121000-quickstart-d4e5f6': '2e-5',
} as const;

/** Copies the recorded runs into a runs folder, to be read and changed there, and gives their folders: learning rate 1e-4, then 2e-5. */
export async function copyRecordedRuns(runsFolder: string): Promise<readonly [string, string]> {
  await mkdir(runsFolder, { recursive: true });
  await cp(RECORDED, runsFolder, { recursive: true });
  const [first, second] = Object.keys(RECORDED_RUNS).map((id) => join(runsFolder, id));
  return [first!, second!];
}
