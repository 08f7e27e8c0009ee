/** Real processes compete for real lock files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { heldLock, takeLock } from '../../../src/files/exclusive-lock.ts';
import type { ExclusiveLock } from '../../../src/files/exclusive-lock.ts';
import { identifySelf } from '../../../src/files/process-identity.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const NAME = 'x.lock';
const foreign = {
  dead: { isForeignAlive: () => Promise.resolve(false) },
  alive: { isForeignAlive: () => Promise.resolve(true) },
};
const rival = fileURLToPath(new URL('../../fixtures/process/lock-rival.mjs', import.meta.url));

async function take(folder: string): Promise<ExclusiveLock> {
  const lock = await takeLock(folder, NAME, foreign.dead);
  if (!lock.isTaken) throw new Error('refused');
  return lock;
}

/** A process that tries for the lock, says `taken` or `refused`, and holds what it took until it is killed. */
function startRival(folder: string) {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), rival, folder, NAME], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { child, said: once(child.stdout, 'data').then(([data]) => String(data).trim()) };
}

describe('a lock', () => {
  it('is had by one, also within a process, and again once it is given back', async () => {
    const folder = tempFolder();
    const lock = await take(folder);
    expect(await takeLock(folder, NAME, foreign.dead)).toEqual({ isTaken: false, holder: await identifySelf() });
    expect(await heldLock(folder, NAME, foreign.dead)).toMatchObject({ holder: { pid: process.pid } });
    await lock.release();
    expect(await heldLock(folder, NAME, foreign.dead)).toBeUndefined();
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('outlives a holder that is suspended, and not one that is dead', async () => {
    const folder = tempFolder();
    const { child, said } = startRival(folder);
    expect(await said).toBe('taken');
    child.kill('SIGSTOP');
    expect(await takeLock(folder, NAME, foreign.dead)).toMatchObject({ isTaken: false, holder: { pid: child.pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('left behind is had by exactly one of many that come at the same moment', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, `${NAME}-3`), JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', host: hostname() }));
    const rivals = Array.from({ length: 6 }, () => startRival(folder));
    const said = await Promise.all(rivals.map((one) => one.said));
    expect(said.sort()).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'taken']);
    for (const { child } of rivals) child.kill('SIGKILL');
  });

  it('of another machine goes by what its host is known to do', async () => {
    const folder = tempFolder();
    const holder = { pid: 1234, startTime: '1', host: 'elsewhere' };
    writeFileSync(join(folder, `${NAME}-1`), JSON.stringify(holder));
    expect(await takeLock(folder, NAME, foreign.alive)).toEqual({ isTaken: false, holder });
    await (await take(folder)).release();
  });

  it('that is being written counts as held, until it is plain that nobody writes it', async () => {
    const folder = tempFolder();
    const path = join(folder, `${NAME}-1`);
    writeFileSync(path, '');
    expect(await takeLock(folder, NAME, foreign.dead)).toEqual({ isTaken: false, holder: undefined });
    utimesSync(path, new Date(0), new Date(0));
    await (await take(folder)).release();
  });

  it('leaves other files alone', async () => {
    const folder = tempFolder();
    for (const name of [`${NAME}-0`, `${NAME}-01`, `${NAME}-x`, NAME]) writeFileSync(join(folder, name), '');
    await (await take(folder)).release();
    expect(readdirSync(folder)).toHaveLength(4);
  });
});
