import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { ADDRESS } from './protocol.ts';
import type { PageActions, OuterCalls } from './protocol.ts';

/** Does in the page what a person would do, and waits until it is done. */
export async function ask<K extends keyof PageActions>(
  name: K,
  ...args: Parameters<PageActions[K]>
): Promise<Awaited<ReturnType<PageActions[K]>>> {
  return (await callOuter('act', name, args)) as Awaited<ReturnType<PageActions[K]>>;
}

/** Calls the process outside. Not `fetch`: the extension host has its own, with proxies and certificates. */
export async function callOuter<K extends keyof OuterCalls>(
  name: K,
  ...args: Parameters<OuterCalls[K]>
): Promise<ReturnType<OuterCalls[K]>> {
  const { status, body } = await post(`${process.env[ADDRESS] ?? ''}/${name}`, JSON.stringify(args));
  if (status !== 200) throw new Error(`${name} ${JSON.stringify(args).slice(0, 300)}: ${body}`);
  return JSON.parse(body) as ReturnType<OuterCalls[K]>;
}

function post(url: string, content: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((done, fail) => {
    const call = request(url, { method: 'POST' }, (response) => {
      text(response).then((body) => done({ status: response.statusCode ?? 0, body }), fail);
    });
    call.on('error', fail);
    call.end(content);
  });
}
