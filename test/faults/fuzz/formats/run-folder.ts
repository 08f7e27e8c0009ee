import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decode, fileOf, textOf } from './seeds.ts';

/** The recorded run that valid inputs come from, and its folder in the repository. */
export const RUN_ID = '20261125-120000-quickstart-a1b2c3';
const RECORDED = `test/fixtures/runs/${RUN_ID}`;

/** A second run beside the one that is read, which lists and comparisons need. */
export const OTHER_ID = '20261125-121000-quickstart-d4e5f6';

/** A file of the recorded run. */
export const recorded = (name: string): Uint8Array => fileOf(`${RECORDED}/${name}`);
export const recordedText = (name: string): string => textOf(`${RECORDED}/${name}`);

/** Makes a runs folder that holds one run with the given files, by their names in the run folder, and gives its path. */
export function runsFolderWith(folder: string, files: Readonly<Record<string, Uint8Array>>): string {
  const runs = join(folder, 'runs');
  rmSync(join(runs, RUN_ID), { recursive: true, force: true });
  for (const [name, bytes] of Object.entries({ 'experiment.yml': recorded('experiment.yml'), ...files }))
    put(join(runs, RUN_ID, name), bytes);
  return runs;
}

/** Adds an intact run that is the folder's baseline. */
export function addOther(runs: string): void {
  const record = { ...(JSON.parse(recordedText('run.json')) as object), id: OTHER_ID };
  put(join(runs, OTHER_ID, 'run.json'), Buffer.from(JSON.stringify(record)));
  put(join(runs, OTHER_ID, 'annotation.json'), Buffer.from('{"tags":[],"note":"","isBaseline":true}'));
}

/** Lines of the recorded events: of each type the first few. */
export function shortEvents(nOfEach: number): string {
  const seen = new Map<string, number>();
  const lines = decode(recorded('events.jsonl')).split('\n');
  return lines
    .filter((line) => {
      const type = /"type":"(\w+)"/.exec(line)?.[1] ?? '';
      seen.set(type, (seen.get(type) ?? 0) + 1);
      return type !== '' && seen.get(type)! <= nOfEach;
    })
    .map((line) => `${line}\n`)
    .join('');
}

function put(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
