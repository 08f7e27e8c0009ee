import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Machine, RunRecord } from '../protocol/run-record.ts';

/** Packages whose version may change a run's numbers. */
const PACKAGES = ['onnxruntime-node', '@huggingface/tokenizers', 'hyparquet'];

export function describeMachine(): Machine {
  return {
    platform: platform(),
    arch: arch(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    nCores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
  };
}

/** Versions of the packages that are installed beside the trainer; one that is bundled into it is left out. */
export function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  return Object.fromEntries(
    PACKAGES.flatMap((name) => {
      try {
        return [[name, (require(`${name}/package.json`) as { version: string }).version]];
      } catch {
        return [];
      }
    }),
  );
}

/** Commit of the git checkout that holds the folder; undefined outside of one, or without git. */
export async function gitState(folder: string): Promise<RunRecord['git']> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', folder, ...args], { timeout: 5000 })).stdout.trim();
  try {
    return { commit: await git('rev-parse', 'HEAD'), isDirty: (await git('status', '--porcelain', '-uno')) !== '' };
  } catch {
    return undefined;
  }
}
