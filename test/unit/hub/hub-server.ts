import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the hub or the host that stores large files. */
export interface SeenRequest {
  readonly host: 'hub' | 'storage';
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** What a test does to a request before it is answered; returns true when it has answered. */
export type Interference = (seen: SeenRequest, response: ServerResponse) => boolean;

/** A hub on this machine, with a second server for large files as the real one has. */
export interface HubServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Commit of the main branch; it follows from the content. */
  commit(): string;
  files: Record<string, Buffer>;
  interfere: Interference;
  /** Changes what the hub says about a revision. */
  listing: (listing: Listing) => unknown;
  /** Sends this many bytes of a body and then nothing, once for each entry; `received` breaks that connection. */
  readonly cuts: number[];
  /** Tells how many bytes have arrived: a reader drops what it has not read when the connection breaks earlier. */
  received(nBytes: number): void;
  close(): Promise<void>;
}

/** What the hub says about a revision. */
export interface Listing {
  readonly sha: string;
  readonly siblings: readonly object[];
}

/** Files above this size are stored as large ones, behind a redirect to the other port. */
const LARGE = 1000;

export async function startHubServer(id: string, files: Record<string, Buffer>): Promise<HubServer> {
  const seen: SeenRequest[] = [];
  const cuts: number[] = [];
  let stalled: { readonly end: number; readonly response: ServerResponse } | undefined;
  const state = { files, interfere: (() => false) as Interference, listing: (listing: Listing): unknown => listing };
  const commit = (): string =>
    sha('sha1', JSON.stringify(Object.entries(state.files).map(([name, data]) => [name, sha('sha1', data)])));

  const listener =
    (host: SeenRequest['host'], answer: RequestListener): RequestListener =>
    (request, response) => {
      const { authorization, range } = request.headers;
      const entry = { host, path: request.url ?? '', authorization, range };
      seen.push(entry);
      if (!state.interfere(entry, response)) answer(request, response);
    };
  const sendFile = (request: IncomingMessage, response: ServerResponse, data: Buffer): void => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= data.length && start > 0) {
      response.writeHead(416).end();
      return;
    }
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': data.length - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` } : {}),
    });
    const cut = data.length > LARGE ? cuts.shift() : undefined;
    if (cut === undefined) {
      response.end(data.subarray(start));
      return;
    }
    stalled = { end: start + cut, response };
    response.write(data.subarray(start, start + cut));
  };

  const storage = createServer(
    listener('storage', (request, response) => {
      sendFile(request, response, state.files[decodeURIComponent((request.url ?? '').slice(1))]!);
    }),
  );
  const storageUrl = await listen(storage);
  const hub = createServer(
    listener('hub', (request, response) => {
      const url = new URL(request.url ?? '', 'http://hub');
      if (/^\/api\/(models|datasets)\//.test(url.pathname)) {
        if (!url.pathname.includes(`/${id}/revision/`)) {
          sendError(response, 404, 'RepoNotFound');
          return;
        }
        const revision = decodeURIComponent(url.pathname.split('/revision/')[1]!);
        if (!['main', commit()].includes(revision)) {
          sendError(response, 404, 'RevisionNotFound');
          return;
        }
        response.writeHead(200, { 'content-type': 'application/json' });
        const listing = { sha: commit(), siblings: Object.entries(state.files).map(sibling) };
        response.end(JSON.stringify(state.listing(listing)));
        return;
      }
      const path = decodeURIComponent(url.pathname.split(`/resolve/${commit()}/`)[1] ?? '');
      const data = state.files[path];
      if (data === undefined) sendError(response, 404, 'EntryNotFound');
      else if (data.length <= LARGE) sendFile(request, response, data);
      else response.writeHead(302, { location: `${storageUrl}/${encodeURIComponent(path)}` }).end();
    }),
  );
  const url = await listen(hub);
  return Object.assign(state, {
    url,
    seen,
    cuts,
    commit,
    received: (nBytes: number) => {
      if (stalled === undefined || nBytes < stalled.end) return;
      stalled.response.destroy();
      stalled = undefined;
    },
    close: async () => {
      await Promise.all([close(hub), close(storage)]);
    },
  });
}

export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'x-error-code': code, ...headers }).end();
}

/** A body that never ends, as fast as it is read; `onSent` gets the number of bytes so far. */
export function sendForever(response: ServerResponse, onSent: (nBytes: number) => void = () => undefined): void {
  const chunk = Buffer.alloc(2 ** 16, ' ');
  let nSent = 0;
  const more = (): void => {
    while (!response.destroyed) {
      onSent((nSent += chunk.length));
      if (!response.write(chunk)) return;
    }
  };
  response.writeHead(200);
  response.on('drain', more);
  more();
}

/** A body of which a byte comes every some milliseconds, without end. */
export function drip(response: ServerResponse, everyMs: number): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), everyMs);
  response.on('close', () => clearInterval(timer));
}

function sibling([rfilename, data]: [string, Buffer]): object {
  const blobId = sha('sha1', Buffer.concat([Buffer.from(`blob ${data.length}\0`), data]));
  if (data.length <= LARGE) return { rfilename, size: data.length, blobId };
  return {
    rfilename,
    size: data.length,
    blobId,
    lfs: { sha256: sha('sha256', data), size: data.length, pointerSize: 130 },
  };
}

function sha(algorithm: string, data: Buffer | string): string {
  return createHash(algorithm).update(data).digest('hex');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
