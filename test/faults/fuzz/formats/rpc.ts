import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../../../src/config/edit/text-edit.ts';
import { NO_FACTS_FROM_RUNS } from '../../../../src/config/check/run-facts.ts';
import { serveForm } from '../../../../src/host/form/serve-form.ts';
import { openRunStream } from '../../../../src/host/panels/run-stream.ts';
import { serveCompare } from '../../../../src/host/panels/serve-compare.ts';
import { serveRun } from '../../../../src/host/panels/serve-run.ts';
import { isObject } from '../../../../src/vocabulary/check.ts';
import type { RunEvent } from '../../../../src/protocol/events.ts';
import { NO_ANNOTATION } from '../../../../src/protocol/run-annotation.ts';
import { PANEL_ACTIONS } from '../../../../src/protocol/panels/actions.ts';
import { COMPARE_DATA } from '../../../../src/protocol/panels/compare-data.ts';
import { FORM_DATA } from '../../../../src/protocol/panels/form-data.ts';
import { RUN_DATA } from '../../../../src/protocol/panels/run-data.ts';
import { ProblemError } from '../../../../src/vocabulary/problem.ts';
import { apiOf, isCall, openClient, openServer } from '../../../../src/protocol/rpc.ts';
import type { Contract, Port } from '../../../../src/protocol/rpc.ts';
import type { FuzzFormat, Reader } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { likeValue } from '../like.ts';
import { messagesOf, printMessages } from './messages-text.ts';
import { addOther, OTHER_ID, recorded, recordedText, RUN_ID, runsFolderWith, shortEvents } from './run-folder.ts';
import { bytesOf, decode, textOf } from './seeds.ts';

/** How long a call may wait for its answer, in ms: those that read files take a few. */
const ANSWER_MS = 3000;

interface Channel extends Port {
  /** Has the other end hear a message. */
  readonly deliver: (message: unknown) => void;
  readonly posted: unknown[];
  onPost: () => void;
}

function openChannel(): Channel {
  const listeners = new Set<(message: unknown) => void>();
  const channel: Channel = {
    posted: [],
    onPost: () => undefined,
    post(message) {
      channel.posted.push(message);
      channel.onPost();
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    deliver: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
  return channel;
}

/** Sends messages to a server and waits until each call has its answer; an answer that says `bug` is one. */
function asked(api: string, open: (port: Port, folder: string) => { dispose(): unknown }): Reader {
  return async (bytes, folder) => {
    const messages = messagesOf(decode(bytes));
    const channel = openChannel();
    const server = open(channel, folder);
    try {
      const nCalls = messages.filter(
        (message) => apiOf(message) === api && isObject(message) && message.kind === 'call',
      ).length;
      await new Promise<void>((resolve, reject) => {
        const isOver = (): boolean => channel.posted.filter(isReply).length >= nCalls;
        const timer = setTimeout(
          () =>
            reject(
              new Error(
                `promised an answer to each of ${nCalls} calls, found ${channel.posted.filter(isReply).length}`,
              ),
            ),
          ANSWER_MS,
        );
        const look = (): void => {
          if (!isOver()) return;
          clearTimeout(timer);
          resolve();
        };
        channel.onPost = look;
        for (const message of messages) {
          isCall(message, 'ranking');
          channel.deliver(message);
        }
        look();
      });
    } finally {
      await server.dispose();
    }
    const problems = channel.posted
      .filter(isReply)
      .flatMap(({ problem }) =>
        isObject(problem) ? [problem as { code: string; message: string; where?: string }] : [],
      );
    const bug = problems.find(({ code }) => code === 'bug');
    if (bug !== undefined) throw Object.assign(new Error(bug.message), { stack: bug.where ?? '' });
    if (problems[0] !== undefined) throw new ProblemError(problems[0]);
    return channel.posted;
  };
}

function isReply(message: unknown): message is { readonly problem?: unknown } {
  return isObject(message) && message.kind === 'reply';
}

/** Hears messages at the calling end of a contract while every call waits; calls end with a value of the contract or a problem. */
function heard<C, N>(contract: Contract<C, N>): Reader {
  return async (bytes) => {
    const channel = openChannel();
    const wrong: unknown[] = [];
    const client = openClient(channel, contract, (problem) => wrong.push(problem));
    for (const name of Object.keys(contract.notices)) client.on(name as keyof N, () => undefined);
    const calls = Object.values(client.calls) as ((params: unknown) => Promise<unknown>)[];
    const answers = calls.map((call) => call({}));
    const settled = Promise.allSettled(answers);
    for (const message of messagesOf(decode(bytes))) channel.deliver(message);
    client.dispose();
    const rejected = (await settled).flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    const untyped = rejected.find((error) => !(error instanceof ProblemError));
    if (untyped !== undefined) throw asError(untyped);
    if (wrong.length > 0) throw new ProblemError({ code: 'bad-message', message: 'told' });
    return rejected.length;
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`rejected with ${String(error)}`);
}

/** A runs folder with a whole run, made once. */
function intactRuns(folder: string): string {
  const runs = join(folder, 'intact');
  try {
    readFileSync(join(runs, 'made'));
  } catch {
    mkdirSync(runs, { recursive: true });
    const files = ['run.json', 'rankings/test.index.json', 'rankings/test.jsonl', 'trainer.log'];
    const made = runsFolderWith(runs, {
      ...Object.fromEntries(files.map((name) => [name, recorded(name)])),
      'events.jsonl': bytesOf(shortEvents(2)),
    });
    addOther(made);
    writeFileSync(join(runs, 'made'), '');
  }
  return join(runs, 'runs');
}

/** The form of a text that lives in memory. */
function memoryForm(port: Port): { dispose(): void } {
  let text = textOf('configs/quickstart.yml');
  let tell = (): void => undefined;
  return serveForm(port, {
    fileName: 'x.yml',
    name: 'x',
    getText: () => text,
    apply: (edits) => {
      text = applyEdits(text, edits);
      tell();
      return Promise.resolve();
    },
    known: () => Promise.resolve(NO_FACTS_FROM_RUNS),
    onDidChange: (listener) => {
      tell = listener;
      return () => undefined;
    },
    save: () => Promise.resolve(),
    reveal: () => Promise.resolve(),
    run: () => Promise.resolve(),
  });
}

const call = (api: string, id: number, name: string, params: unknown): unknown => ({
  api,
  kind: 'call',
  id,
  name,
  params,
});

const PAGE = {
  sort: { key: 'value', isDescending: true },
  value: { metric: 'esci_ndcg', ranker: 'fine-tuned', base: 'pretrained' },
  filter: { text: 'a', label: 'E' },
  offset: 0,
  limit: 3,
};

/** Calls of every contract as panels make them. */
const CALLS: readonly (readonly unknown[])[] = [
  [
    call('run-data', 1, 'open', {}),
    call('run-data', 2, 'experiment', {}),
    call('run-data', 3, 'rankings', {}),
    call('run-data', 4, 'log', { nLines: 5 }),
  ],
  [
    call('run-data', 1, 'page', PAGE),
    call('run-data', 2, 'ranking', { id: '5' }),
    call('run-data', 3, 'page', { ...PAGE, delta: PAGE.value, sort: { key: 'text', isDescending: false } }),
  ],
  [
    call('compare-data', 1, 'open', { runIds: [RUN_ID, OTHER_ID] }),
    call('compare-data', 2, 'deltas', { runIds: [RUN_ID], metric: 'esci_ndcg' }),
  ],
  [call('compare-data', 1, 'deltas', { runIds: [RUN_ID, OTHER_ID], baselineId: RUN_ID, metric: 'mrr@10' })],
  [
    call('form-data', 1, 'open', {}),
    call('form-data', 2, 'change', { kind: 'set', path: 'hyperparameters.seed', value: '7' }),
    call('form-data', 3, 'reveal', { line: 2 }),
  ],
  [
    call('form-data', 1, 'change', { kind: 'addItem', path: 'evaluation.metrics', value: 'ndcg@10' }),
    call('form-data', 2, 'change', { kind: 'moveItem', path: 'training_blocks', from: 0, to: 1 }),
    call('form-data', 3, 'change', { kind: 'removeItem', path: 'training_blocks', index: 1 }),
    call('form-data', 4, 'change', { kind: 'reset', path: 'hyperparameters.seed' }),
    call('form-data', 5, 'run', { command: 'start' }),
  ],
  [
    call('panel-actions', 1, 'act', { action: 'stop', runId: RUN_ID }),
    call('panel-actions', 2, 'diff', { runIds: [RUN_ID, OTHER_ID] }),
    call('panel-actions', 3, 'save', { name: 'a.csv', content: Uint8Array.of(1, 2) }),
  ],
];

const CALL_WORDS = [
  'api',
  'kind',
  'call',
  'reply',
  'notice',
  'id',
  'name',
  'params',
  'open',
  'page',
  'deltas',
  'change',
  'set',
  'run-data',
  'compare-data',
  'form-data',
  'training_blocks[0].training',
  'evaluation.metrics',
  RUN_ID,
  '../..',
];

/** What panels send to the host and its workers. */
export const hostMessages: FuzzFormat = {
  ending: 'json',
  parts: ['json'],
  seeds: () => CALLS.map((messages) => bytesOf(printMessages(messages))),
  arbitrary: () => likeMessages(CALLS),
  words: CALL_WORDS,
  readers: {
    run: asked('run-data', (port, folder) => serveRun(port, join(intactRuns(folder), RUN_ID))),
    compare: asked('compare-data', (port, folder) => serveCompare(port, intactRuns(folder))),
    form: asked('form-data', memoryForm),
    actions: asked('panel-actions', (port) =>
      openServer(port, PANEL_ACTIONS, {
        act: () => ({}),
        diff: ({ runIds }) => (runIds.map((id) => join('/runs', id)), {}),
        save: ({ content }) => ({ isSaved: content.length > 0 }),
      }),
    ),
  },
};

const reply = (api: string, id: number, value: unknown): unknown => ({ api, kind: 'reply', id, ok: true, value });
const notice = (api: string, name: string, payload: unknown): unknown => ({ api, kind: 'notice', name, payload });

/** What the host sends to panels, as its own code makes it. */
function hostSays(): readonly (readonly unknown[])[] {
  const stream = openRunStream();
  const events = shortEvents(2)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RunEvent);
  stream.add({ events, badLines: [], isRestart: false });
  const about = {
    record: JSON.parse(recordedText('run.json')) as unknown,
    annotation: NO_ANNOTATION,
    status: 'finished',
    isResumable: true,
  };
  const run = {
    id: RUN_ID,
    title: 't',
    status: 'finished',
    isBaseline: false,
    createdAt: 1,
    options: { a: 'b' },
    dev: { step: 1, loss: 1, metrics: { m: 1 } },
    test: { m: 1 },
  };
  const columns = Object.fromEntries(
    ['step', 'epoch', 'seconds', 'loss', 'lr', 'pairsPerSecond'].map((name) => [name, Float64Array.of(1, 2)]),
  );
  const field = {
    path: 'model.name',
    isSet: true,
    text: 'x',
    problems: [{ severity: 'error', message: 'm', line: 1 }],
  };
  const problem = { code: 'no-query', message: 'm', where: 'w', next: 'n' };
  return [
    [
      reply('run-data', 1, about),
      notice('run-data', 'update', { ...stream.take(), sentAt: 1 }),
      notice('run-data', 'about', about),
      notice('run-data', 'problem', problem),
    ],
    [
      reply('run-data', 2, { text: 'x' }),
      reply('run-data', 3, {
        summary: { nQueries: 1, rankers: ['a'], metrics: ['m'], gains: { E: 1, S: 0.1, C: 0.01, I: 0 } },
      }),
      reply('run-data', 6, { lines: ['l'] }),
    ],
    [
      reply('compare-data', 1, { runs: [run] }),
      notice('compare-data', 'runs', { runs: [run, run] }),
      notice('compare-data', 'curves', { id: RUN_ID, steps: columns, evaluations: [] }),
      reply('compare-data', 2, { rows: [{ id: RUN_ID, meanDelta: 1, interval: [0, 1], p: 0.5 }] }),
    ],
    [
      notice('form-data', 'state', { fields: [field], sections: [], textOnly: [], problems: [], isBroken: false }),
      { api: 'form-data', kind: 'reply', id: 2, ok: false, problem },
    ],
    [
      reply('panel-actions', 1, {}),
      reply('panel-actions', 2, { isSaved: true }),
      { api: 'panel-actions', kind: 'reply', id: 3, ok: false, problem },
    ],
  ];
}

/** What the host and its workers send to panels. */
export const panelMessages: FuzzFormat = {
  ending: 'json',
  parts: ['json'],
  seeds: () => hostSays().map((messages) => bytesOf(printMessages(messages))),
  arbitrary: () => likeMessages(hostSays()),
  words: [...CALL_WORDS, 'ok', 'value', 'problem', 'payload', 'update', '$columns', '$bytes', 'code', 'message'],
  readers: {
    run: heard(RUN_DATA),
    compare: heard(COMPARE_DATA),
    form: heard(FORM_DATA),
    actions: heard(PANEL_ACTIONS),
  },
};

function likeMessages(examples: readonly (readonly unknown[])[]): ReturnType<FuzzFormat['arbitrary']> {
  const all = examples.flat().map((message): unknown => (JSON.parse(printMessages([message])) as unknown[])[0]);
  return likeValue(all).map((tree) => bytesOf(printTree(tree)));
}
