/**
 * Which commit a checkout is at, read from git's own files (gitrepository-layout(5)). git itself is not asked: it runs the programs
 * that the checkout's configuration names, and a checkout may be anybody's.
 */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { readSmallFile } from '../files/read-text.ts';

/** HEAD, a ref and a `.git` file hold one line; packed-refs a line for each ref. */
const LINE_BYTES = 4096;
const PACKED_BYTES = 16 * 2 ** 20;
/** A ref may name another one; a few steps are more than anybody makes. */
const MAX_STEPS = 5;
/** Folders above the experiment that are looked into. */
const MAX_ABOVE = 64;

/**
 * The commit that is checked out where `folder` lies, as 40 or 64 hexadecimal digits. Undefined outside of a checkout, before the
 * first commit, and where the refs are kept in a way that is not read here (reftable). Never throws.
 */
export async function headCommit(folder: string): Promise<string | undefined> {
  let above = resolve(folder);
  for (let i = 0; i < MAX_ABOVE; i++) {
    const gitDir = await gitDirOf(above);
    const head = gitDir === undefined ? undefined : await readSmallFile(join(gitDir, 'HEAD'), LINE_BYTES);
    if (gitDir !== undefined && head !== undefined) return resolveRef(head, gitDir, await commonDirOf(gitDir));
    if (dirname(above) === above) return undefined;
    above = dirname(above);
  }
  return undefined;
}

/** The folder of a checkout's own state: `.git`, or the one that the file `.git` of a worktree or submodule names. */
async function gitDirOf(checkout: string): Promise<string | undefined> {
  const path = join(checkout, '.git');
  const file = await readSmallFile(path, LINE_BYTES);
  if (file === undefined) return path;
  const named = /^gitdir: (.+?)\r?\n?$/.exec(file)?.[1];
  return named === undefined ? undefined : placeOf(checkout, named);
}

/** The folder of what all worktrees of a repository share. */
async function commonDirOf(gitDir: string): Promise<string> {
  const named = (await readSmallFile(join(gitDir, 'commondir'), LINE_BYTES))?.trim();
  return (named === undefined || named === '' ? undefined : placeOf(gitDir, named)) ?? gitDir;
}

/** A path that a file names, from the folder that it starts at; none to another machine, which Windows would tell who is asking. */
function placeOf(start: string, named: string): string | undefined {
  const isElsewhere = /^[\\/]{2}/.test(named) || named.includes('\0');
  if (isElsewhere) return undefined;
  return isAbsolute(named) ? named : join(start, named);
}

async function resolveRef(head: string, gitDir: string, commonDir: string): Promise<string | undefined> {
  let value = head.trim();
  for (let i = 0; i < MAX_STEPS; i++) {
    if (isCommit(value)) return value;
    const ref = /^ref: (refs\/\S+)$/.exec(value)?.[1];
    if (ref === undefined || ref.split(/[\\/]/).includes('..')) return undefined;
    const loose =
      (await readSmallFile(join(gitDir, ref), LINE_BYTES)) ?? (await readSmallFile(join(commonDir, ref), LINE_BYTES));
    if (loose === undefined) return packedRef(ref, commonDir);
    value = loose.trim();
  }
  return undefined;
}

/** Lines of packed-refs are `<commit> <ref>`; others begin with `#` or `^`. */
async function packedRef(ref: string, commonDir: string): Promise<string | undefined> {
  const packed = await readSmallFile(join(commonDir, 'packed-refs'), PACKED_BYTES);
  const line = packed?.split(/\r?\n/).find((text) => text.endsWith(` ${ref}`));
  const commit = line?.slice(0, -ref.length - 1);
  return commit !== undefined && isCommit(commit) ? commit : undefined;
}

/** SHA-1 or SHA-256. */
function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
