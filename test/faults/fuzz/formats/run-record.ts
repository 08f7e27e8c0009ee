import * as fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readComparedRun } from '../../../../src/host/panels/compared-runs.ts';
import { readAbout } from '../../../../src/host/panels/subscribe-to-run.ts';
import { detailItems } from '../../../../src/host/views/run-details.ts';
import { runItem } from '../../../../src/host/views/run-item.ts';
import { runTooltip } from '../../../../src/host/views/run-tooltip.ts';
import { NO_EVENTS } from '../../../../src/protocol/run-state.ts';
import { runJson } from '../../../../src/runs/export.ts';
import { baselineFacts, requireBaseline } from '../../../../src/runs/find-baseline.ts';
import { listRuns } from '../../../../src/runs/list-runs.ts';
import { findStart } from '../../../../src/trainer/loop/checkpoint.ts';
import { isObject } from '../../../../src/vocabulary/check.ts';
import type { FuzzFormat } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { likeValue } from '../like.ts';
import { joinParts, splitParts } from '../parts.ts';
import { commandLine } from './command-line.ts';
import { addOther, OTHER_ID, recorded, recordedText, RUN_ID, runsFolderWith, shortEvents } from './run-folder.ts';
import { bytesOf } from './seeds.ts';

const ANNOTATION = { title: 'A title', tags: ['one', 'two'], note: 'A note', isBaseline: false };
const FAILED = {
  status: 'failed',
  problem: { code: 'disk-full', message: 'm', where: 'w', next: 'n' },
  baseline: OTHER_ID,
};

const record = JSON.parse(recordedText('run.json')) as Readonly<Record<string, unknown>>;
const json = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));

/** A runs folder with the run of an input, its events, and an intact one. */
function runsOf(bytes: Uint8Array, folder: string): string {
  const [run, annotation] = splitParts(bytes, 2) as [Uint8Array, Uint8Array];
  const own = annotation.length === 0 ? {} : { 'annotation.json': annotation };
  const runs = runsFolderWith(folder, { 'run.json': run, 'events.jsonl': bytesOf(shortEvents(1)), ...own });
  addOther(runs);
  return runs;
}

/** `run.json` and `annotation.json`. */
export const runRecord: FuzzFormat = {
  ending: 'json',
  parts: ['json', 'json'],
  seeds: () => [
    joinParts([recorded('run.json'), json(ANNOTATION)]),
    joinParts([json({ ...record, ...FAILED }), json({ ...ANNOTATION, isBaseline: true })]),
    joinParts([json({ ...record, status: 'running', job: 'evaluate' }), new Uint8Array()]),
    joinParts([
      json({ ...record, status: 'queued', test: undefined, process: undefined }),
      json({ tags: [], note: '', isBaseline: false }),
    ]),
  ],
  arbitrary: () =>
    fc
      .tuple(fc.oneof(likeValue(record), likeValue({ ...record, ...FAILED })), likeValue(ANNOTATION))
      .map((trees) => joinParts(trees.map((tree) => bytesOf(printTree(tree))))),
  words: [
    'headline',
    'test',
    'fine-tuned',
    'pretrained',
    'baseline',
    'metrics',
    'esci_ndcg',
    'trec:map',
    'running',
    'queued',
    'process',
    'pid',
    'startTime',
    'host',
    'isBaseline',
    'tags',
    RUN_ID,
    OTHER_ID,
  ],
  readers: {
    list: (bytes, folder) => commandLine('runs', '--runs', runsOf(bytes, folder)),
    listJson: (bytes, folder) => commandLine('runs', '--json', '--runs', runsOf(bytes, folder)),
    show: (bytes, folder) => commandLine('show', RUN_ID, '--runs', runsOf(bytes, folder)),
    showLatest: (bytes, folder) => commandLine('show', 'latest', '--json', '--runs', runsOf(bytes, folder)),
    baseline: async (bytes, folder) => {
      const runs = await listRuns(runsOf(bytes, folder));
      baselineFacts(runs).wrongBaseline('quickstar');
      return requireBaseline(runs, RUN_ID, OTHER_ID);
    },
    compare: (bytes, folder) => readComparedRun(runsOf(bytes, folder), RUN_ID),
    about: (bytes, folder) => readAbout(join(runsOf(bytes, folder), RUN_ID)),
    tree: async (bytes, folder) => {
      const runsFolder = runsOf(bytes, folder);
      const runs = await listRuns(runsFolder);
      const baseline = runs.find((run) => run.isReadable && run.annotation.isBaseline);
      const known = { baseline: undefined, get: () => undefined };
      return runs.map((run) => {
        const live = run.isReadable ? { run, runsFolder, state: NO_EVENTS } : { run, runsFolder, state: undefined };
        const around = {
          baseline: baseline?.isReadable === true ? baseline : undefined,
          placeInQueue: 1,
          isStopping: false,
          now: 0,
        };
        const shown = [runItem(live, around), runTooltip(live, known)];
        return run.isReadable
          ? [...shown, detailItems(run, NO_EVENTS), runJson(run.record, run.annotation, NO_EVENTS)]
          : shown;
      });
    },
  },
};

const STATE = {
  version: 1,
  step: 4,
  best: { step: 4, loss: 0.14, metrics: { esci_ndcg: 0.87, 'mrr@10': 1 } },
  nWithoutImprovement: 0,
  files: {
    'model.safetensors': { bytes: 8, sha256: 'af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc' },
    'optimizer.safetensors': { bytes: 8, sha256: 'af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc' },
  },
};

/** `state.json` of a checkpoint whose other files are whole. */
export const checkpointState: FuzzFormat = {
  ending: 'json',
  parts: ['json'],
  seeds: () => [json(STATE), json({ ...STATE, best: null })],
  arbitrary: () => likeValue(STATE).map((tree) => bytesOf(printTree(tree))),
  words: [
    'version',
    'step',
    'best',
    'files',
    'model.safetensors',
    '../state.json',
    'bytes',
    'sha256',
    'nWithoutImprovement',
  ],
  readers: {
    newest: (bytes, folder) => {
      const checkpoint = join(folder, 'checkpoints', 'step-000004');
      mkdirSync(checkpoint, { recursive: true });
      writeFileSync(join(checkpoint, 'state.json'), bytes);
      for (const name of Object.keys(STATE.files)) writeFileSync(join(checkpoint, name), new Uint8Array(8));
      const { start: state } = findStart(folder, () => false);
      if (state === null) return null;
      const wrong = wrongIn(state);
      if (wrong !== undefined) throw new Error(`promised a state to go on from, found a wrong ${wrong}`);
      return state;
    },
  },
};

/** What training cannot go on from: counts are counts, and the best result has its numbers. */
function wrongIn(state: unknown): string | undefined {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isObject(state) || !isCount(state.step)) return 'step';
  if (!isCount(state.nWithoutImprovement)) return 'nWithoutImprovement';
  const { best } = state;
  if (best === null) return undefined;
  if (!isObject(best) || !isCount(best.step) || !Number.isFinite(best.loss)) return 'best';
  const { metrics } = best;
  return isObject(metrics) && Object.values(metrics).every(Number.isFinite) ? undefined : 'best.metrics';
}
