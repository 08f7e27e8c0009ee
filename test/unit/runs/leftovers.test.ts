import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempPathFor } from '../../../src/files/write-file.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { removeLeftovers } from '../../../src/runs/leftovers.ts';
import { tempFolder } from './temp-folder.ts';

it('removes what a killed trainer left half-written, and not a note that somebody is writing', async () => {
  const runDir = tempFolder();
  const note = tempPathFor(runPaths.annotation(runDir));
  mkdirSync(`${runPaths.model(runDir)}.tmp`);
  for (const path of [note, tempPathFor(runPaths.record(runDir)), runPaths.reserve(runDir)]) writeFileSync(path, '');
  await removeLeftovers(runDir);
  expect(readdirSync(runDir).map((name) => join(runDir, name))).toEqual([note]);
});
