import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server of calls on this machine: `POST /NAME` with the arguments as a JSON list. */
export interface CallServer {
  readonly url: string;
  close(): void;
}

/** Serves the functions of `calls`; a call that throws is answered with status 500 and the error's text. */
export async function serveCalls(calls: object): Promise<CallServer> {
  const byName = new Map(Object.entries(calls as Readonly<Record<string, (...args: unknown[]) => unknown>>));
  const server = createServer((request, response) => {
    void (async () => {
      try {
        const args = JSON.parse(await text(request)) as unknown[];
        const call = byName.get(request.url?.slice(1) ?? '');
        if (call === undefined) throw new Error(`There is no call ${request.url ?? ''}`);
        response.end(JSON.stringify((await call(...args)) ?? null));
      } catch (error) {
        response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      }
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
