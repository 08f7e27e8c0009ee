import * as fc from 'fast-check';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventLine } from '../../../../src/cli/format/format-event.ts';
import { plainStatus, statusLine } from '../../../../src/cli/format/format-status.ts';
import { curvesOf } from '../../../../src/host/panels/compared-runs.ts';
import { openRunStream } from '../../../../src/host/panels/run-stream.ts';
import { detailItems } from '../../../../src/host/views/run-details.ts';
import { runItem } from '../../../../src/host/views/run-item.ts';
import { runTooltip } from '../../../../src/host/views/run-tooltip.ts';
import { foldEvents, NO_EVENTS } from '../../../../src/protocol/run-state.ts';
import type { RunEvent } from '../../../../src/protocol/events.ts';
import { comparisonsCsv, evaluationsCsv, stepsCsv, testsCsv } from '../../../../src/runs/export.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { listRuns } from '../../../../src/runs/list-runs.ts';
import { openEventReader, readEvents } from '../../../../src/runs/log/read-events.ts';
import type { FuzzFormat } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { likeValue } from '../like.ts';
import { commandLine } from './command-line.ts';
import { recorded, recordedText, RUN_ID, runsFolderWith, shortEvents } from './run-folder.ts';
import { bytesOf } from './seeds.ts';

const RESUME = '{"t":1795603618900,"type":"resumed","fromStep":4,"pid":77}\n';
const ENDS = [
  '{"t":1795603618900,"type":"stopped","step":5}\n',
  '{"t":1795603618900,"type":"failed","step":5,"problem":{"code":"disk-full","message":"m","where":"w","next":"n"}}\n',
];

const plain = (_style: string, text: string): string => text;

/** A run that goes on, with the given log. */
function runWith(bytes: Uint8Array, folder: string): { readonly runs: string; readonly runDir: string } {
  const record = recordedText('run.json').replace('"finished"', '"stopped"');
  const runs = runsFolderWith(folder, { 'run.json': bytesOf(record), 'events.jsonl': bytes });
  return { runs, runDir: join(runs, RUN_ID) };
}

/** `events.jsonl` of a run. */
export const events: FuzzFormat = {
  ending: 'jsonl',
  parts: ['jsonl'],
  seeds: () => [
    recorded('events.jsonl'),
    bytesOf(shortEvents(2)),
    bytesOf(shortEvents(1) + RESUME + ENDS[0]!),
    bytesOf(shortEvents(3) + RESUME + shortEvents(1) + ENDS[1]!),
  ],
  arbitrary: () => {
    const lines = (shortEvents(1) + RESUME + ENDS.join('')).split('\n').filter(Boolean);
    const event = fc.oneof(...lines.map((line) => likeValue(JSON.parse(line))));
    return fc.array(event, { maxLength: 20 }).map((all) => bytesOf(all.map((tree) => `${printTree(tree)}\n`).join('')));
  },
  words: [
    'type',
    'step',
    'evaluation',
    'test',
    'comparison',
    'warning',
    'resumed',
    'fine-tuned',
    'pretrained',
    'metrics',
    'problem',
    '\n',
    '\r\n',
    '{',
    '}',
  ],
  readers: {
    status: async (bytes, folder) => {
      const { events: found } = await readEvents(runWith(bytes, folder).runDir);
      const state = foldEvents(NO_EVENTS, found);
      return [
        statusLine(state, 80, plain),
        plainStatus(state),
        ...found.map((event) => eventLine(event, state, plain)),
      ];
    },
    inPieces: async (bytes, folder) => {
      const { runDir } = runWith(new Uint8Array(), folder);
      const reader = openEventReader(runDir);
      const at = bytes.length >> 1;
      let state = NO_EVENTS;
      for (const piece of [bytes.subarray(0, at), bytes.subarray(at), bytesOf('\n')]) {
        appendFileSync(runPaths.events(runDir), piece);
        state = foldEvents(state, (await reader.read()).events);
      }
      writeFileSync(runPaths.events(runDir), '');
      await reader.read();
      return state;
    },
    show: (bytes, folder) => commandLine('show', RUN_ID, '--runs', runWith(bytes, folder).runs),
    follow: (bytes, folder) => commandLine('show', RUN_ID, '--follow', '--runs', runWith(bytes, folder).runs),
    list: (bytes, folder) => commandLine('runs', '--runs', runWith(bytes, folder).runs),
    export: async (bytes, folder) => {
      const state = foldEvents(NO_EVENTS, (await readEvents(runWith(bytes, folder).runDir)).events);
      return [stepsCsv(state), evaluationsCsv(state), testsCsv(state), comparisonsCsv(state)];
    },
    panels: async (bytes, folder) => showInEditor(runWith(bytes, folder).runs, bytes),
  },
};

/** What panels and tree make of a run's events. */
async function showInEditor(runs: string, bytes: Uint8Array): Promise<unknown> {
  const { events: found } = await readEvents(join(runs, RUN_ID));
  const stream = openRunStream();
  const half = found.length >> 1;
  const updates = [found.slice(0, half), found.slice(half)].map((part: readonly RunEvent[]) => {
    stream.add({ events: part, badLines: [], isRestart: false });
    return stream.take();
  });
  const { state } = stream;
  const [run] = await listRuns(runs);
  if (run?.isReadable !== true) return updates;
  const live = { run, runsFolder: runs, state };
  const around = { baseline: undefined, placeInQueue: undefined, isStopping: bytes.length % 2 === 0, now: 0 };
  const known = { baseline: undefined, get: () => undefined };
  return [updates, curvesOf(RUN_ID, state), runItem(live, around), runTooltip(live, known), detailItems(run, state)];
}
