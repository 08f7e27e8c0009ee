/** Disks of their own for tests, where the system lets them be made. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Skipped } from './fault.ts';

/**
 * Mounts a disk in memory of so many MiB on a folder, which is made.
 * @throws Skipped where that needs root, or is not allowed to root either, as in most containers
 */
export function mountMemory(folder: string, nMiB: number): void {
  mkdirSync(folder, { recursive: true });
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Skipped('mounting needs root on Linux');
  try {
    mount('-t', 'tmpfs', '-o', `size=${nMiB}m`, 'tmpfs', folder);
  } catch (error) {
    throw new Skipped(`mounting is not allowed: ${String((error as { stderr?: unknown }).stderr).trim()}`);
  }
}

/** Lets nothing below a mounted folder be written from now on, or again. */
export function remount(folder: string, how: 'ro' | 'rw'): void {
  mount('-o', `remount,${how}`, folder);
}

export function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
}

function mount(...args: readonly string[]): void {
  execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
