import { setTimeout as delay } from 'node:timers/promises';
import type { HubSettings } from './hub-settings.ts';
import { parseJson } from '../files/parse-json.ts';

/** How requests are made: whose token, how patiently, until when. */
export interface HubHttp {
  readonly settings: HubSettings;
  readonly signal: AbortSignal | undefined;
  /** Tries without progress before giving up, 1 for none again. */
  readonly attempts: number;
  /** Pause before the second try; it doubles from try to try. */
  readonly firstDelayMs: number;
  /** Longest pause; a server that asks for a longer one is not asked again. */
  readonly maxDelayMs: number;
  /** Longest time without an answer, without its end or without some kilobytes more of it. */
  readonly idleTimeoutMs: number;
}

/** A request that did not work: `status` is null when there was no answer, or it ended early. */
export class HubFailure extends Error {
  readonly status: number | null;
  /** The hub's own name of the error, for example `GatedRepo`; empty when it gives none. */
  readonly hubCode: string;
  /** Pause that the server asks for. */
  readonly retryAfterMs: number;

  constructor(message: string, status: number | null, options: ErrorOptions & { headers?: Headers } = {}) {
    super(message, options);
    this.name = 'HubFailure';
    this.status = status;
    this.hubCode = options.headers?.get('x-error-code') ?? '';
    const seconds = Number(options.headers?.get('retry-after') ?? NaN);
    this.retryAfterMs = seconds > 0 ? seconds * 1000 : 0;
  }

  /** Whether the same request may work a little later. */
  get isTransient(): boolean {
    return this.status === null || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** An answer with status 200 or 206. Reading `chunks` to the end, or leaving the loop, closes it. */
export interface HubResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly chunks: AsyncGenerator<Uint8Array, void>;
}

const MAX_REDIRECTS = 10;
/** Bytes of an answer in JSON: the listing of a hundred thousand files has about this many. */
const MAX_JSON_BYTES = 2 ** 25;
/** Less than this within the idle time-out, or since the try before, counts as nothing: a byte now and then would never end. */
const LEAST_PROGRESS = 2 ** 14;
/** Characters of what a server says that a message repeats. */
const MAX_QUOTED = 200;

/**
 * GETs a URL, following redirects. The token goes to the endpoint's origin alone, not to the hosts that it redirects to.
 * @throws HubFailure; the signal's reason when it is aborted
 */
export async function hubGet(
  http: HubHttp,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HubResponse> {
  const { token, endpoint } = http.settings;
  let target = httpUrl(url);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const authorization: Record<string, string> =
      token !== null && target.origin === httpUrl(endpoint).origin ? { authorization: `Bearer ${token}` } : {};
    const watch = watchIdle(http);
    let response: Response;
    try {
      response = await watch.unlessEnded(
        fetch(target, {
          headers: { 'user-agent': 'esci-lab', 'accept-encoding': 'identity', ...headers, ...authorization },
          redirect: 'manual',
          signal: watch.signal,
        }),
      );
    } catch (error) {
      watch.stop();
      throw watch.failure(error, `${target.host} does not answer`);
    }
    const location = response.headers.get('location');
    if (response.status === 200 || response.status === 206) {
      return { status: response.status, headers: response.headers, chunks: chunksOf(response, watch) };
    }
    watch.stop();
    response.body?.cancel().catch(() => undefined);
    if (response.status < 300 || response.status >= 400 || location === null) {
      const message = quote(response.headers.get('x-error-message') ?? response.statusText);
      throw new HubFailure(`${target.host} answers ${response.status} ${message}`.trim(), response.status, response);
    }
    target = redirectUrl(location, target);
  }
  throw new HubFailure(`${httpUrl(url).host} redirects more than ${MAX_REDIRECTS} times`, 310);
}

/** An address that can be asked. @throws HubFailure */
function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HubFailure(`"${quote(text)}" is no address that begins with https:// or http://`, NO_ADDRESS);
}

/** Where a redirect leads: to any host, but not out of the web and not from https to http. @throws HubFailure */
function redirectUrl(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isWeb = target?.protocol === 'https:' || target?.protocol === 'http:';
  if (target === undefined || !isWeb || (from.protocol === 'https:' && target.protocol === 'http:')) {
    throw new HubFailure(`${from.host} redirects to "${quote(location)}", which is not followed`, NO_ADDRESS);
  }
  return target;
}

/** A status that no server sends, for answers that would be the same again. */
const NO_ADDRESS = 310;

/** Text of a server for a message: one line, readable characters, not long. */
function quote(text: string): string {
  const line = text.replaceAll(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ').trim();
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line;
}

/** GETs JSON. @throws HubFailure, also when the answer is something else or too long */
export async function hubGetJson(http: HubHttp, url: string): Promise<unknown> {
  return withRetries(http, async () => {
    const { chunks } = await hubGet(http, url);
    const parts: Uint8Array[] = [];
    let nBytes = 0;
    for await (const chunk of chunks) {
      parts.push(chunk);
      nBytes += chunk.length;
      if (nBytes <= MAX_JSON_BYTES) continue;
      throw new HubFailure(`${httpUrl(url).host} answers with more than ${MAX_JSON_BYTES / 2 ** 20} MB of JSON`, 200);
    }
    const text = Buffer.concat(parts).toString('utf8');
    try {
      return parseJson(text);
    } catch (error) {
      // A login page of a network, for example.
      const start = quote(text.slice(0, 60));
      throw new HubFailure(`${httpUrl(url).host} answers something that is not JSON: ${start}`, 200, { cause: error });
    }
  });
}

/**
 * Tries until it works, up to `attempts` times in a row, with growing pauses, as long as failures are transient. `progress` is a
 * count of bytes: when it has grown by some kilobytes since the last failure, the tries count from one again.
 */
export async function withRetries<T>(http: HubHttp, work: () => Promise<T>, progress = (): number => 0): Promise<T> {
  for (let attempt = 1, before = progress(); ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HubFailure) || !error.isTransient) throw error;
      const now = progress();
      if (now >= before + LEAST_PROGRESS) {
        attempt = 1;
        before = now;
      }
      if (attempt >= http.attempts) throw error;
      if (error.retryAfterMs > http.maxDelayMs) {
        const longest = `more than ${http.maxDelayMs / 1000} s`;
        throw new HubFailure(`${error.message}, and asks to wait ${longest}`, error.status, { cause: error });
      }
      const pauseMs = Math.max(error.retryAfterMs, Math.min(http.firstDelayMs * 2 ** (attempt - 1), http.maxDelayMs));
      await delay(pauseMs, undefined, http.signal === undefined ? {} : { signal: http.signal }).catch(() => undefined);
      http.signal?.throwIfAborted();
    }
  }
}

interface IdleWatch {
  readonly signal: AbortSignal;
  /** The result of work, or an error once the signal is aborted: some reads of an aborted answer never end by themselves. */
  unlessEnded<T>(work: Promise<T>): Promise<T>;
  /** So many bytes arrived. */
  touch(nBytes: number): void;
  stop(): void;
  /** What to throw for an error of fetch: the person's own abort as it is, all else as a failure. */
  failure(error: unknown, message: string): Error;
}

function watchIdle({ signal, idleTimeoutMs }: HubHttp): IdleWatch {
  const controller = new AbortController();
  let isLate = false;
  let nBytes = 0;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, idleTimeoutMs);
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  return {
    signal: controller.signal,
    unlessEnded: (work) => unlessAborted(work, controller.signal),
    touch: (nMore) => {
      nBytes += nMore;
      if (nBytes < LEAST_PROGRESS) return;
      nBytes = 0;
      timer.refresh();
    },
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
    failure: (error, message) => {
      if (signal?.aborted === true) return asError(signal.reason);
      const detail = isLate
        ? `${nBytes === 0 ? 'nothing' : `only ${nBytes} bytes`} within ${idleTimeoutMs / 1000} s`
        : causeOf(error);
      return new HubFailure(`${message} (${detail})`, null, { cause: error });
    },
  };
}

async function* chunksOf(response: Response, watch: IdleWatch): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined) {
      let part;
      try {
        part = await watch.unlessEnded(reader.read());
      } catch (error) {
        throw watch.failure(error, 'the connection ended early');
      }
      if (part.done) return;
      watch.touch((part.value as Uint8Array).length);
      yield part.value as Uint8Array;
    }
  } finally {
    watch.stop();
    reader?.cancel().catch(() => undefined);
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(asError(signal.reason));
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** fetch says "fetch failed"; its cause says why: `ENOTFOUND`, `ECONNREFUSED`, a certificate. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
