/** Files of a run folder that another version of ESCI Lab has written. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pick, Skipped } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault } from './fault.ts';
import { esciLab, startTrainer } from './processes.ts';
import { exitText, requireCleanExit, requireSameEnd } from './run-end.ts';
import { copyOf } from './fixture.ts';

/** Files of a stopped run that carry a version, and whether `show` has to read them. */
const VERSIONED = [
  { file: 'run.json', isShown: true },
  { file: 'events.jsonl', isShown: true },
  { file: 'checkpoints/step-000020/state.json', isShown: false },
] as const;

/** Changes the version that a file carries; gives the one that it had. */
function changeVersion(path: string, by: number): number {
  const text = readFileSync(path, 'utf8');
  const found = /"version":\s*(\d+)/.exec(text);
  if (found === null) throw new Error(`${path} carries no version`);
  const version = Number(found[1]);
  writeFileSync(path, text.replace(found[0], `"version": ${version + by}`));
  return version;
}

const newer: Fault = {
  name: 'files of a newer version',
  tries: (isShort) => (isShort ? 1 : 2 * VERSIONED.length),
  async run(context) {
    const { fixture, folder, describe } = context;
    const runDir = copyOf(fixture, 'stopped', folder);
    const { file, isShown } = pick(context, VERSIONED);
    const hasCli = context.index >= VERSIONED.length;
    describe(`${file}, ${hasCli ? 'resumed' : 'trainer alone'}`);
    changeVersion(join(runDir, file), 1);
    const before = bytesOf(runDir);
    if (isShown) {
      const shown = await esciLab(['show', runDir], { cwd: folder });
      requireCleanExit(shown);
      hold(shown.code === 2 && /newer ESCI Lab/.test(shown.err), `show ended with ${exitText(shown)}`);
    }
    const refused = hasCli
      ? await esciLab(['resume', runDir], { cwd: folder })
      : await startTrainer({ kind: 'train', runDir, resume: true }, { cwd: folder }).done;
    requireCleanExit(refused);
    hold(refused.code === 2 && /newer ESCI Lab/.test(refused.err), `it ended with ${exitText(refused)}`);
    const kept = /^(run\.json|events\.jsonl|checkpoints|rankings|experiment\.yml)/;
    for (const [name, bytes] of before) {
      if (name !== file && !kept.test(name)) continue;
      // What happened may be added to the record, unless that is the file that is not understood.
      if (file !== 'run.json' && ['run.json', 'events.jsonl'].includes(name) && name !== file) continue;
      hold(existsSync(join(runDir, name)) && readFileSync(join(runDir, name)).equals(bytes), `${name} has changed`);
    }
  },
};

const older: Fault = {
  name: 'files of an older version',
  tries: (isShort) => (isShort ? 1 : VERSIONED.length),
  async run(context) {
    const { fixture, folder, describe } = context;
    const runDir = copyOf(fixture, 'stopped', folder);
    const { file } = pick(context, VERSIONED);
    describe(file);
    if (changeVersion(join(runDir, file), -1) === 1) throw new Skipped('version 1 is the first: there is no older one');
    const resumed = await esciLab(['resume', runDir], { cwd: folder });
    hold(resumed.code === 0, `resume ended with ${exitText(resumed)}`);
    await requireSameEnd(fixture, runDir);
  },
};

function bytesOf(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

export const schemas: readonly Fault[] = [newer, older];
