import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../src/hub/hub-lock.ts';

const HOLDER = fileURLToPath(new URL('./hold-lock.ts', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that holds the folder's lock. */
async function startHolder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

/** Whether the lock can be had within some time; it is let go at once. */
function canHave(withinMs: number): Promise<boolean> {
  return withLock(folder, AbortSignal.timeout(withinMs), () => Promise.resolve(true)).catch(() => false);
}

function makeOld(): void {
  const longAgo = new Date(Date.now() - 24 * 3600_000);
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), longAgo, longAgo);
}

const claim = (content: object | string): void => {
  writeFileSync(join(folder, '.lock-1'), typeof content === 'string' ? content : JSON.stringify(content));
};

describe.skipIf(process.platform === 'win32')('a process that is suspended', () => {
  it('keeps its lock, however long ago it touched it, and gives it back when it goes on', async () => {
    const child = await startHolder();
    child.kill('SIGSTOP');
    makeOld();
    expect(await canHave(2000)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(1);
    child.kill('SIGCONT');
    child.stdin!.write('\n');
    expect(await canHave(30_000)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('loses it when it is killed', async () => {
    const child = await startHolder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await canHave(30_000)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('a claim of a process whose number another has now is removed at once', async () => {
  claim({ pid: process.pid, startTime: 'another', host: hostname() });
  expect(await canHave(30_000)).toBe(true);
});

it('a claim of another machine counts until it has not been touched for minutes', async () => {
  claim({ pid: 1, startTime: '', host: 'another-machine' });
  expect(await canHave(1000)).toBe(false);
  makeOld();
  expect(await canHave(30_000)).toBe(true);
});

it.each(['', '{', 'null', '[]', '{"pid":"1"}', '0 0'])(
  'a claim that says %j counts until it is old',
  async (content) => {
    claim(content);
    expect(await canHave(1000)).toBe(false);
    makeOld();
    expect(await canHave(30_000)).toBe(true);
  },
);

it('of many at once, one works at a time', async () => {
  let nAtWork = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++nAtWork);
    await new Promise((resolve) => setImmediate(resolve));
    nAtWork--;
  };
  await Promise.all(Array.from({ length: 12 }, () => withLock(folder, undefined, work)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});
