import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runPaths } from '../../src/runs/layout.ts';
import { updateRecord } from '../../src/runs/record.ts';

/** Makes a finished run look as if its trainer had died before it could say so. */
export async function undoEnd(runDir: string): Promise<void> {
  const lines = readFileSync(runPaths.events(runDir), 'utf8').trimEnd().split('\n');
  const kept = lines.filter((line) => !/"type":"(finished|test|comparison|trained)"/.test(line));
  writeFileSync(runPaths.events(runDir), `${kept.join('\n')}\n`);
  rmSync(runPaths.model(runDir), { recursive: true });
  await updateRecord(runDir, { status: 'running' });
}
