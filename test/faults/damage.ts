/** Files of a run folder that are torn, flipped, missing, empty, or folders. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../src/data/random.ts';
import { annotate } from '../../src/runs/annotation.ts';
import { pick } from './fault.ts';
import { hold } from './lost.ts';
import type { Fault, Try } from './fault.ts';
import { esciLab } from './processes.ts';
import { exitText, requireCleanExit, requireSameEnd } from './run-end.ts';
import { copyOf } from './fixture.ts';
import type { Fixture } from './fixture.ts';

/** Every kind of file in a run folder: the rows of "Run folder" in ARCHITECTURE.md. A row without a file fails. */
const KINDS = {
  'experiment.yml': /^experiment\.yml$/,
  'run.json': /^run\.json$/,
  'annotation.json': /^annotation\.json$/,
  'events.jsonl': /^events\.jsonl$/,
  'trainer.log': /^trainer\.log$/,
  heartbeat: /^heartbeat$/,
  'weights of the best checkpoint': /^checkpoints\/step-000016\/model\.safetensors$/,
  'weights of the newest checkpoint': /^checkpoints\/step-0000(20|27)\/model\.safetensors$/,
  'optimiser of a checkpoint': /^checkpoints\/.*optimizer\.safetensors$/,
  'state of a checkpoint': /^checkpoints\/.*state\.json$/,
  model: /^model\//,
  'rankings, lines': /^rankings\/\w+\.jsonl$/,
  'rankings, index': /^rankings\/\w+\.index\.json$/,
  'scores on dev': /^rankings\/dev\/step-\d+\.f32$/,
  'test_scores.csv': /^test_scores\.csv$/,
} as const satisfies Record<string, RegExp>;

type Kind = keyof typeof KINDS;

/** Kinds that a run has only once it has finished, and the one that it has no more then. */
const ONLY_FINISHED: readonly Kind[] = ['model', 'test_scores.csv'];
const ONLY_STOPPED: readonly Kind[] = ['optimiser of a checkpoint'];

/** Kinds that hold the experiment or its results as text: a changed letter is another value, and nothing can tell. */
const PLAIN_TEXT: readonly Kind[] = ['experiment.yml', 'run.json'];

/** Kinds that tell of steps that are over: a run that goes on does not write them again. */
const LASTING: readonly Kind[] = ['events.jsonl', 'scores on dev'];

const DAMAGES = {
  truncated: (path: string, random: Random) => truncateSync(path, random.nextBelow(Math.max(1, statSync(path).size))),
  flipped(path: string, random: Random) {
    const bytes = readFileSync(path);
    if (bytes.length > 0) bytes[random.nextBelow(bytes.length)]! ^= 1 << random.nextBelow(8);
    writeFileSync(path, bytes);
  },
  deleted: (path: string) => rmSync(path),
  emptied: (path: string) => truncateSync(path, 0),
  'replaced by a folder'(path: string) {
    rmSync(path);
    mkdirSync(path);
  },
} as const satisfies Record<string, (path: string, random: Random) => void>;

type Damage = keyof typeof DAMAGES;

type Which = 'stopped' | 'finished';

/** A file, by what it is, and what is done to it. */
interface Case {
  readonly kind: Kind;
  readonly damage: Damage;
}

function casesOf(which: Which): Case[] {
  const left = which === 'stopped' ? ONLY_FINISHED : ONLY_STOPPED;
  return (Object.keys(KINDS) as Kind[])
    .filter((kind) => !left.includes(kind))
    .flatMap((kind) => (Object.keys(DAMAGES) as Damage[]).map((damage) => ({ kind, damage })));
}

/** A copy of a run with one damaged file; gives what is whole beside it. */
async function damagedCopy(context: Try, which: Which) {
  const { fixture, folder, random } = context;
  const { kind, damage } = pick(context, casesOf(which));
  const runDir = copyOf(fixture, which, folder);
  await annotate(runDir, { note: 'a note' });
  for (const name of ['trainer.log', 'heartbeat']) writeFileSync(join(runDir, name), 'as it was\n');
  cpSync(runDir, join(folder, 'whole'), { recursive: true });
  const files = filesIn(runDir).filter((name) => KINDS[kind].test(name));
  if (files.length === 0) throw new Error(`a ${which} run has no ${kind}`);
  const file = files[random.nextBelow(files.length)]!;
  context.describe(`${file} ${damage}`);
  DAMAGES[damage](join(runDir, file), random);
  return { runDir, kind, damage, file, putBack: () => putBack(folder, runDir, file) };
}

function putBack(folder: string, runDir: string, file: string): void {
  rmSync(join(runDir, file), { recursive: true, force: true });
  cpSync(join(folder, 'whole', file), join(runDir, file));
}

/**
 * A stopped run is resumed: it comes to the same end, or says what is wrong and harms nothing, so that the same end comes once
 * the file was put back.
 */
const whenStopped: Fault = {
  name: 'damaged file of a stopped run, resumed',
  tries: (isShort) => (isShort ? 3 : casesOf('stopped').length),
  async run(context) {
    const { fixture, folder } = context;
    const { runDir, file, kind, damage, putBack } = await damagedCopy(context, 'stopped');
    const before = filesIn(runDir);
    const resumed = await esciLab(['resume', runDir, '--json'], { cwd: folder });
    requireCleanExit(resumed);
    if (resumed.code === 0) {
      // A value of the experiment that was changed is the experiment that was asked for.
      const lasting = LASTING.includes(kind) ? file : undefined;
      if (!(PLAIN_TEXT.includes(kind) && damage === 'flipped')) await requireSameEnd(fixture, runDir, lasting);
      return;
    }
    const gone = before.filter((name) => !existsSync(join(runDir, name)) && !/^(heartbeat|stop)$/.test(name));
    hold(gone.length === 0, `refused, and ${gone.join(', ')} is gone`);
    putBack();
    const again = await esciLab(['resume', runDir, '--json'], { cwd: folder });
    hold(again.code === 0, `with the file put back, resume ended with ${exitText(again)}`);
    await requireSameEnd(fixture, runDir);
  },
};

/** Commands that look at a run. */
const LOOKS = (runDir: string) => [
  ['runs', '--runs', join(runDir, '..'), '--json'],
  ['show', runDir, '--json'],
  ['show', runDir, '--query', 'test0', '--json'],
  ['show', runDir, '--queries'],
  ['resume', runDir],
];

/** A finished run is looked at: each command says what is there, or what is wrong, and changes nothing. */
const whenFinished: Fault = {
  name: 'damaged file of a finished run, looked at',
  tries: (isShort) => (isShort ? 3 : casesOf('finished').length),
  async run(context) {
    const { fixture, folder } = context;
    const { runDir, file, kind, damage, putBack } = await damagedCopy(context, 'finished');
    for (const words of LOOKS(runDir)) {
      const looked = await esciLab(words, { cwd: folder });
      requireCleanExit(looked);
      if (words.join(' ') === `show ${runDir} --json` && looked.code === 0 && damage !== 'flipped')
        requireTrueNumbers(fixture, looked.out, kind);
    }
    putBack();
    const others = filesIn(join(folder, 'whole')).filter(
      (name) => name !== file && !sameBytes(join(runDir, name), join(folder, 'whole', name)),
    );
    hold(others.length === 0, `looking at it changed ${others.join(', ')}`);
    await requireSameEnd(fixture, runDir);
  },
};

/** Test metrics that are shown are the run's own; those that a cut log does not have are not shown. */
function requireTrueNumbers({ end }: Fixture, out: string, kind: Kind): void {
  const { record } = JSON.parse(out) as { readonly record: { readonly test?: Readonly<Record<string, unknown>> } };
  for (const [ranker, metrics] of Object.entries(record.test ?? {})) {
    hold(
      JSON.stringify(metrics) === JSON.stringify(end.test[ranker]),
      `${kind}: other test metrics of ${ranker} shown`,
    );
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

function sameBytes(a: string, b: string): boolean {
  return existsSync(a) && readFileSync(a).equals(readFileSync(b));
}

export const damages: readonly Fault[] = [whenStopped, whenFinished];
