/**
 * Requests, replies and notices over any channel that carries structured-clone messages (webview ↔ host, host ↔ worker).
 * A contract is the checks of what crosses: they guard both ends at run time, and the types of both ends follow from them.
 */
import { count, formatWrongs, isObject, object, text } from '../vocabulary/check.ts';
import type { Check, Infer } from '../vocabulary/check.ts';
import type { Problem } from '../vocabulary/problem.ts';
import { problemCheck, ProblemError } from '../vocabulary/problem.ts';

/** What a call takes and what it answers with. */
type Params<C, K extends keyof C> = C[K] extends (params: infer P) => unknown ? P : never;
type Reply<C, K extends keyof C> = C[K] extends (params: never) => infer R ? R : never;

/** The checks of calls `C` (name → function from what it takes to what it answers with) and of notices `N` (name → payload). */
export interface Contract<C, N> {
  /** Tells the messages of several contracts on one channel apart. */
  readonly api: string;
  readonly calls: {
    readonly [K in keyof C]: { readonly params: Check<Params<C, K>>; readonly reply: Check<Reply<C, K>> };
  };
  readonly notices: { readonly [K in keyof N]: Check<N[K]> };
}

type CallChecks = Readonly<Record<string, { readonly params: Check; readonly reply: Check }>>;
type NoticeChecks = Readonly<Record<string, Check>>;

/** The calls that checks describe, with their docstrings. */
export type CallsOf<C extends CallChecks> = {
  readonly [K in keyof C]: (params: Infer<C[K]['params']>) => Infer<C[K]['reply']>;
};

/** The payloads of notices that checks describe, with their docstrings. */
export type NoticesOf<N extends NoticeChecks> = { readonly [K in keyof N]: Infer<N[K]> };

/** The contract of the given checks; `api` tells its messages from others on the channel. */
export function contract<const C extends CallChecks, const N extends NoticeChecks>(
  api: string,
  calls: C,
  notices: N,
): Contract<CallsOf<C>, NoticesOf<N>> {
  return { api, calls, notices } as unknown as Contract<CallsOf<C>, NoticesOf<N>>;
}

/** What a call takes that needs nothing, and what one answers with that has nothing to tell. */
export const nothing: Check<Record<string, never>> = object({});

/** One end of a channel. */
export interface Port {
  post(message: unknown): void;
  /** Gives the way to stop listening. */
  listen(listener: (message: unknown) => void): () => void;
}

/** The calls of `C` as a caller sees them. They reject with `ProblemError`. */
export type Caller<C> = { readonly [K in keyof C]: (params: Params<C, K>) => Promise<Reply<C, K>> };

/** The calls of `C` as a server implements them. */
export type Handlers<C> = {
  readonly [K in keyof C]: (params: Params<C, K>) => Reply<C, K> | Promise<Reply<C, K>>;
};

/** What goes over the channel. */
type Message =
  | {
      readonly api: string;
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly params: unknown;
    }
  | { readonly api: string; readonly kind: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly api: string; readonly kind: 'reply'; readonly id: number; readonly ok: false; readonly problem: Problem }
  | { readonly api: string; readonly kind: 'notice'; readonly name: string; readonly payload: unknown };

/** A message of this protocol of whatever contract; undefined for anything else. */
function asMessage(value: unknown): Message | undefined {
  if (!isObject(value) || typeof value.api !== 'string' || typeof value.kind !== 'string') return undefined;
  const envelope = ENVELOPES.get(value.kind);
  return envelope !== undefined && envelope(value, '').length === 0 ? (value as unknown as Message) : undefined;
}

/** What tells where a message belongs, by kind; contracts check the rest. */
const ENVELOPES = new Map<string, Check>([
  ['call', object({ id: count, name: text })],
  ['reply', object({ id: count })],
  ['notice', object({ name: text })],
]);

/** The contract that a message belongs to, for whoever passes messages on without looking into them. */
export function apiOf(message: unknown): string | undefined {
  return asMessage(message)?.api;
}

/** Whether a message calls for `name`, of whatever contract. */
export function isCall(message: unknown, name: string): boolean {
  const read = asMessage(message);
  return read?.kind === 'call' && read.name === name;
}

/** The calling end of a contract. */
export interface Client<C, N> {
  readonly calls: Caller<C>;
  /** One listener for each notice; a second one replaces the first. */
  readonly on: <K extends keyof N>(name: K, listener: (payload: N[K]) => void) => void;
  /** Rejects what is still unanswered and stops listening. */
  dispose(): void;
}

interface Pending {
  readonly name: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: ProblemError) => void;
}

/** Opens the calling end. `onBadMessage` hears of messages that do not match the contract. */
export function openClient<C, N>(
  port: Port,
  contract: Contract<C, N>,
  onBadMessage: (problem: Problem) => void,
): Client<C, N> {
  const pending = new Map<number, Pending>();
  const listeners: { [K in keyof N]?: (payload: N[K]) => void } = {};
  const replies = new Map(checksOf(contract.calls).map(([name, { reply }]) => [name, reply]));
  const notices = new Map(Object.entries<Check>(contract.notices));
  let lastId = 0;

  function call(name: string, params: unknown): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      pending.set(id, { name, resolve, reject });
      port.post({ api: contract.api, kind: 'call', id, name, params } satisfies Message);
    });
  }

  function receiveReply(message: Extract<Message, { kind: 'reply' }>): void {
    const waiting = pending.get(message.id);
    if (waiting === undefined) return;
    pending.delete(message.id);
    const what = `the answer to ${waiting.name}`;
    if (!message.ok) {
      waiting.reject(new ProblemError(mismatch(what, problemCheck, message.problem) ?? message.problem));
      return;
    }
    const problem = mismatch(what, replies.get(waiting.name)!, message.value);
    if (problem === undefined) waiting.resolve(message.value as never);
    else waiting.reject(new ProblemError(problem));
  }

  function receiveNotice({ name, payload }: Extract<Message, { kind: 'notice' }>): void {
    const check = notices.get(name);
    const problem = check === undefined ? unknownName('notice', name) : mismatch(`notice ${name}`, check, payload);
    if (problem !== undefined) onBadMessage(problem);
    else listeners[name as keyof N]?.(payload as N[keyof N]);
  }

  const stop = port.listen((value) => {
    const message = asMessage(value);
    if (message?.api !== contract.api) return;
    if (message.kind === 'reply') receiveReply(message);
    if (message.kind === 'notice') receiveNotice(message);
  });

  const calls = Object.fromEntries(
    Object.keys(contract.calls).map((name) => [name, (params: unknown) => call(name, params)]),
  ) as unknown as Caller<C>;

  return {
    calls,
    on: (name, listener) => void (listeners[name] = listener),
    dispose() {
      stop();
      const problem = { code: 'closed', message: 'The panel’s connection was closed before the answer came.' };
      for (const { reject } of pending.values()) reject(new ProblemError(problem));
      pending.clear();
    },
  };
}

/** The answering end of a contract. */
export interface Server<N> {
  notify<K extends keyof N>(name: K, payload: N[K]): void;
  dispose(): void;
}

/** Opens the answering end. A handler's `ProblemError` reaches the caller as it is; any other error as code `bug`. */
export function openServer<C, N>(port: Port, contract: Contract<C, N>, handlers: Handlers<C>): Server<N> {
  const params = new Map(checksOf(contract.calls).map(([name, call]) => [name, call.params]));
  const byName = handlers as unknown as Readonly<Record<string, (params: unknown) => unknown>>;
  let isDisposed = false;

  async function answer({ id, name, params: given }: Extract<Message, { kind: 'call' }>): Promise<void> {
    let reply: Message;
    try {
      const check = params.get(name);
      const problem = check === undefined ? unknownName('call', name) : mismatch(`call ${name}`, check, given);
      if (problem !== undefined) throw new ProblemError(problem);
      reply = { api: contract.api, kind: 'reply', id, ok: true, value: await byName[name]!(given) };
    } catch (error) {
      reply = { api: contract.api, kind: 'reply', id, ok: false, problem: problemOf(error) };
    }
    if (isDisposed) return;
    try {
      port.post(reply);
    } catch (error) {
      // What the channel cannot copy: the caller must not wait for ever.
      port.post({ api: contract.api, kind: 'reply', id, ok: false, problem: problemOf(error) } satisfies Message);
    }
  }

  const stop = port.listen((value) => {
    const message = asMessage(value);
    if (message?.api === contract.api && message.kind === 'call') void answer(message);
  });

  return {
    notify(name, payload) {
      if (isDisposed) return;
      port.post({ api: contract.api, kind: 'notice', name: String(name), payload } satisfies Message);
    },
    dispose() {
      isDisposed = true;
      stop();
    },
  };
}

/** The checks of calls by name. */
function checksOf(calls: object): [string, { readonly params: Check; readonly reply: Check }][] {
  return Object.entries(calls) as [string, { readonly params: Check; readonly reply: Check }][];
}

/** Any error as a problem that a person can be shown; a bug keeps its stack as the place. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'bug',
    message,
    ...(stack === undefined ? {} : { where: stack.split('\n').slice(1, 3).join(' ').trim() }),
  };
}

function mismatch(what: string, check: Check, value: unknown): Problem | undefined {
  const wrongs = check(value, '');
  if (wrongs.length === 0) return undefined;
  return { code: 'bad-message', message: `In ${what}: ${formatWrongs(wrongs.slice(0, 3))}.` };
}

function unknownName(kind: string, name: string): Problem {
  return { code: 'bad-message', message: `There is no ${kind} named ${JSON.stringify(name.slice(0, 60))}.` };
}
