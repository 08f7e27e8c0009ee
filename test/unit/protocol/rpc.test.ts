import { describe, expect, it } from 'vitest';
import { count, object, text } from '../../../src/vocabulary/check.ts';
import type { Problem } from '../../../src/vocabulary/problem.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { openClient, openServer } from '../../../src/protocol/rpc.ts';
import type { Contract, Handlers, Port } from '../../../src/protocol/rpc.ts';

interface Calls {
  double(params: { n: number }): { n: number };
  fail(params: Record<string, never>): Record<string, never>;
}
interface Notices {
  said: string;
}

const CONTRACT: Contract<Calls, Notices> = {
  api: 'test',
  calls: {
    double: { params: object({ n: count }), reply: object({ n: count }) },
    fail: { params: object({}), reply: object({}) },
  },
  notices: { said: text },
};

const PROBLEM: Problem = { code: 'no-run', message: 'There is no such run.', next: 'Look again.' };

/** Two ends joined by a channel that copies, as every real one does. */
function channel(): [Port, Port] {
  const listeners: [Set<(m: unknown) => void>, Set<(m: unknown) => void>] = [new Set(), new Set()];
  const end = (own: 0 | 1): Port => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => listeners[own === 0 ? 1 : 0].forEach((listener) => listener(copy)));
    },
    listen: (listener) => {
      listeners[own].add(listener);
      return () => void listeners[own].delete(listener);
    },
  });
  return [end(0), end(1)];
}

function connect(handlers: Partial<Handlers<Calls>> = {}) {
  const [near, far] = channel();
  const bad: Problem[] = [];
  const client = openClient(near, CONTRACT, (problem) => bad.push(problem));
  const fail = () => Promise.reject(new ProblemError(PROBLEM));
  const server = openServer(far, CONTRACT, { double: ({ n }) => ({ n: 2 * n }), fail, ...handlers });
  return { client, server, near, far, bad };
}

describe('rpc', () => {
  it('answers calls in whatever order they end', async () => {
    const release: (() => void)[] = [];
    const { client } = connect({
      double: async ({ n }) => {
        if (n === 1) await new Promise<void>((resolve) => release.push(resolve));
        return { n: 2 * n };
      },
    });
    const first = client.calls.double({ n: 1 });
    expect(await client.calls.double({ n: 2 })).toEqual({ n: 4 });
    release[0]!();
    expect(await first).toEqual({ n: 2 });
  });

  it('brings a problem over as it is, and a bug as code bug', async () => {
    const { client } = connect();
    await expect(client.calls.fail({})).rejects.toMatchObject({ problem: PROBLEM });
    const broken = connect({
      fail: () => {
        throw new TypeError('undefined is not a function');
      },
    });
    await expect(broken.client.calls.fail({})).rejects.toMatchObject({
      problem: { code: 'bug', message: 'undefined is not a function' },
    });
  });

  it('refuses parameters and answers that do not match the contract', async () => {
    const { client } = connect();
    await expect(client.calls.double({ n: -1 })).rejects.toMatchObject({ problem: { code: 'bad-message' } });
    const wrong = connect({ double: () => ({ n: 0.5 }) });
    await expect(wrong.client.calls.double({ n: 1 })).rejects.toThrow(/answer to double.*0\.5/);
  });

  it('refuses calls that the contract does not have, inherited names too', async () => {
    const { near, far } = connect();
    const replies: unknown[] = [];
    near.listen((message) => replies.push(message));
    for (const name of ['missing', 'constructor']) {
      near.post({ api: 'test', kind: 'call', id: 99, name, params: {} });
    }
    await expect.poll(() => replies.length).toBe(2);
    for (const reply of replies) expect(reply).toMatchObject({ ok: false, problem: { code: 'bad-message' } });
    expect(far).toBeDefined();
  });

  it('hands notices on, reports bad ones, and leaves other contracts alone', async () => {
    const { client, server, far, bad } = connect();
    const heard: string[] = [];
    client.on('said', (words) => heard.push(words));
    server.notify('said', 'hello');
    far.post({ api: 'test', kind: 'notice', name: 'said', payload: 7 });
    far.post({ api: 'other', kind: 'notice', name: 'said', payload: 'not for us' });
    far.post('noise');
    await expect.poll(() => bad.length).toBe(1);
    expect(heard).toEqual(['hello']);
  });

  it('rejects what is unanswered when it is disposed', async () => {
    const { client } = connect({ double: () => new Promise(() => undefined) });
    const unanswered = client.calls.double({ n: 1 });
    client.dispose();
    await expect(unanswered).rejects.toMatchObject({ problem: { code: 'closed' } });
  });

  it.each([
    { kind: ['call'], id: 1, name: 'double' },
    { kind: { toString: 'call' }, id: 1, name: 'double' },
    { kind: Object.create(null), id: 1, name: 'double' },
    { kind: 'toString', id: 1, name: 'double' },
    { kind: 'call', id: { valueOf: 1 }, name: 'double' },
    { kind: 'call', id: 1, name: ['double'] },
    { kind: 'reply', id: 'constructor', ok: true },
    { kind: 'notice', name: { toString: 'said' }, payload: 'x' },
  ])('passes over what is no message: %j', async (message) => {
    const { client, near, far, bad } = connect();
    near.post({ api: 'test', ...message });
    far.post({ api: 'test', ...message });
    expect(await client.calls.double({ n: 2 })).toEqual({ n: 4 });
    expect(bad).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'toString', 'x'.repeat(1e6)])('has no call and no notice %s', async (name) => {
    const { near, far, bad } = connect();
    const answered = new Promise<unknown>((resolve) => near.listen(resolve));
    near.post({ api: 'test', kind: 'call', id: 7, name, params: {} });
    expect(await answered).toMatchObject({ id: 7, ok: false, problem: { code: 'bad-message' } });
    far.post({ api: 'test', kind: 'notice', name, payload: 'x' });
    await expect.poll(() => bad.length).toBe(1);
    expect(bad[0]!.message.length).toBeLessThan(200);
  });

  it.each([undefined, null, 'x', { code: 'x' }, { code: { toString: 1 }, message: 'x' }])(
    'rejects a call whose answer has the problem %j',
    async (problem) => {
      const [near, far] = channel();
      const client = openClient(near, CONTRACT, () => undefined);
      far.listen((call) =>
        far.post({ api: 'test', kind: 'reply', id: (call as { id: number }).id, ok: false, problem }),
      );
      await expect(client.calls.double({ n: 1 })).rejects.toMatchObject({ problem: { code: 'bad-message' } });
    },
  );

  it('takes values that refer to themselves, and says what it cannot copy', async () => {
    const round: { n: number; self?: unknown } = { n: 3 };
    round.self = round;
    const { client } = connect();
    expect(await client.calls.double(round)).toEqual({ n: 6 });
    const { client: other } = connect({ double: ({ n }) => ({ n, more: () => n }) });
    await expect(other.calls.double({ n: 1 })).rejects.toMatchObject({ problem: { code: 'bug' } });
  });
});
