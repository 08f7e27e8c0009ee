import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram, isAbsolutePlace, isProgram, ownPlaces, programPaths } from '../files/find-program.ts';
import type { ProgramPlaces } from '../files/find-program.ts';
import { ProblemError } from '../vocabulary/problem.ts';

const run = promisify(execFile);

/** Oldest major version of Node that a trainer runs under. */
const MIN_NODE_MAJOR = 20;

/** A program that runs a trainer. */
export interface NodeProgram {
  readonly command: string;
  /** What the trainer's environment needs on top. */
  readonly env: Readonly<Record<string, string>>;
  readonly source: 'setting' | 'own' | 'PATH' | 'editor';
}

/** What is known about the process that looks for a Node; this process outside tests. */
interface NodeEnvironment extends ProgramPlaces {
  readonly execPath: string;
  /** Whether `execPath` is an editor (Electron), which acts as Node when told so. */
  readonly isElectron: boolean;
}

/** The environment of this process. */
function thisProcess(): NodeEnvironment {
  return { ...ownPlaces(), execPath: process.execPath, isElectron: process.versions['electron'] !== undefined };
}

/**
 * The Node that trainers run under: the setting's; else the one this process runs on, if it is a plain Node (a terminal);
 * else the first one in PATH that is new enough; else the editor itself, acting as Node.
 * @throws ProblemError `no-node` when the setting names no Node, or one that is too old
 */
export async function findNode(setting?: string, around = thisProcess()): Promise<NodeProgram> {
  if (setting !== undefined && setting.trim() !== '') {
    const command = pathOf(setting.trim(), around);
    await checkSetting(command);
    return { command, env: {}, source: 'setting' };
  }
  if (!around.isElectron) return { command: around.execPath, env: {}, source: 'own' };
  for (const command of nodesInPath(around)) {
    const version = await versionOf(command).catch(() => undefined);
    if (version !== undefined && majorOf(version) >= MIN_NODE_MAJOR) return { command, env: {}, source: 'PATH' };
  }
  return { command: around.execPath, env: { ELECTRON_RUN_AS_NODE: '1' }, source: 'editor' };
}

/** The programs called node in PATH, in its order. */
export function nodesInPath(places: ProgramPlaces): string[] {
  return programPaths('node', places).filter(isProgram);
}

/** A path that does not depend on where a process is; a name alone is looked for in PATH. */
function pathOf(setting: string, places: ProgramPlaces): string {
  if (isAbsolutePlace(setting, places.platform)) return setting;
  const name = /^[^\\/:]+$/.test(setting) ? setting.replace(/\.exe$/i, '') : undefined;
  const found = name === undefined ? undefined : findProgram(name, places);
  if (found !== undefined) return found;
  const what = name === undefined ? 'a relative path' : 'no program of this name in PATH';
  throw noNode(setting, `Found ${what}`, undefined, 'the absolute path of Node');
}

/** Major version in what `node --version` prints, for example 20 in `v20.20.2`; NaN for anything else. */
export function majorOf(version: string): number {
  return Number(/^v(\d+)\.\d+\.\d+/.exec(version.trim())?.[1] ?? NaN);
}

async function checkSetting(command: string): Promise<void> {
  let found: string;
  try {
    found = (await versionOf(command)).trim();
  } catch (error) {
    throw noNode(command, `This program cannot be run (${(error as Error).message.split('\n')[0]})`, error);
  }
  const major = majorOf(found);
  if (Number.isNaN(major))
    throw noNode(command, `This program does not say a version of Node but “${found.slice(0, 40)}”`);
  if (major < MIN_NODE_MAJOR) throw noNode(command, `This is Node ${found}`);
}

function noNode(where: string, found: string, cause?: unknown, expected = 'Node'): ProblemError {
  const message = `${found}; expected ${expected} ${MIN_NODE_MAJOR} or newer.`;
  const next = 'Correct the setting for the path of Node, or leave it empty to have one found.';
  return new ProblemError({ code: 'no-node', message, where, next }, { cause });
}

async function versionOf(command: string): Promise<string> {
  const { stdout } = await run(command, ['--version'], { timeout: 10_000, windowsHide: true });
  return stdout;
}
