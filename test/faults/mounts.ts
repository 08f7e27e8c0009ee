/** Disks of their own for tests, where the system lets them be made. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Whether this process may mount: root of a Linux that is not a locked-down container, as far as one can tell before. */
export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** Mounts a disk in memory of so many MiB on a folder, which is made. */
export function mountMemory(folder: string, nMiB: number): void {
  mkdirSync(folder, { recursive: true });
  mount('-t', 'tmpfs', '-o', `size=${nMiB}m`, 'tmpfs', folder);
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
