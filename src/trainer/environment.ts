import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Machine, RunRecord } from '../protocol/run-record.ts';
import { headCommit } from './git-head.ts';

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

/** Commit of the git checkout that holds the folder; undefined outside of one. Whether files differ from it, only git could tell. */
export async function gitState(folder: string): Promise<RunRecord['git']> {
  const commit = await headCommit(folder);
  return commit === undefined ? undefined : { commit };
}
