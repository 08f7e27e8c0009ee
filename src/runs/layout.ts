/** Names and paths of everything in a run folder, and the ids of runs. The table is in ARCHITECTURE.md, "Run folder". */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** A split whose rankings are stored. */
export type RankedSplit = 'dev' | 'test';

/** Folder below the runs folder that holds deleted runs until the trash is emptied. */
export const TRASH = '.trash';

/** Name of the lock that a run's trainer holds (`takeLock`). */
export const RUN_LOCK = 'trainer.lock';

/** Paths in the run folder `runDir`, absolute when `runDir` is. */
export const runPaths = {
  experiment: (runDir: string) => join(runDir, 'experiment.yml'),
  record: (runDir: string) => join(runDir, 'run.json'),
  annotation: (runDir: string) => join(runDir, 'annotation.json'),
  events: (runDir: string) => join(runDir, 'events.jsonl'),
  log: (runDir: string) => join(runDir, 'trainer.log'),
  heartbeat: (runDir: string) => join(runDir, 'heartbeat'),
  stop: (runDir: string) => join(runDir, 'stop'),
  reserve: (runDir: string) => join(runDir, '.reserve'),
  checkpoints: (runDir: string) => join(runDir, 'checkpoints'),
  checkpoint: (runDir: string, step: number) => join(runDir, 'checkpoints', stepName(step)),
  model: (runDir: string) => join(runDir, 'model'),
  rankings: (runDir: string, split: RankedSplit) => join(runDir, 'rankings', `${split}.jsonl`),
  rankingsIndex: (runDir: string, split: RankedSplit) => join(runDir, 'rankings', `${split}.index.json`),
  devScoresFolder: (runDir: string) => join(runDir, 'rankings', 'dev'),
  devScores: (runDir: string, step: number) => join(runDir, 'rankings', 'dev', `${stepName(step)}.f32`),
  baselineScores: (runDir: string) => join(runDir, 'rankings', 'baseline.f32'),
  testScoresCsv: (runDir: string) => join(runDir, 'test_scores.csv'),
} as const;

/** Name of what belongs to an optimiser step, for example `step-000120`; sorts by step up to 999,999. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The step in a name made by `stepName`, with or without an extension; undefined for any other name. */
export function parseStepName(name: string): number | undefined {
  const digits = /^step-(\d{6,})(?:\.[a-z0-9]+)?$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The parts of a run's id. */
export interface RunIdParts {
  /** When the run was created, local time of the creator, whole seconds. */
  readonly createdAt: Date;
  /** The experiment's name in `a-z0-9-`. */
  readonly slug: string;
  /** Six hex digits that tell runs of the same second and name apart. */
  readonly hex: string;
}

const RUN_ID = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)-([0-9a-f]{6})$/;

/** A new run id `<yyyymmdd-hhmmss>-<slug>-<6 hex digits>`, in local time; ids sort by creation. */
export function newRunId(name: string, now = new Date(), hex = randomBytes(3).toString('hex')): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${String(now.getFullYear()).padStart(4, '0')}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${date}-${time}-${slugOf(name)}-${hex}`;
}

/** The parts of a run id; undefined when the text is none. */
export function parseRunId(id: string): RunIdParts | undefined {
  const match = RUN_ID.exec(id);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const createdAt = new Date(year!, month! - 1, day, hour, minute, second);
  return { createdAt, slug: match[7]!, hex: match[8]! };
}

/** A name in at most 40 characters `a-z0-9-`, letters without their accents; `run` when nothing is left. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 40)
    .replace(/-$/, '');
  return slug === '' ? 'run' : slug;
}
