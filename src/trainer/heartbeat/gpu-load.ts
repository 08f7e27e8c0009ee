import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { SystemEvent } from '../../protocol/events.ts';
import type { GpuSource } from '../gpu-source.ts';

/** Percent of the time that a GPU worked, and MiB in use on it; NaN for what is no number. */
type Sample = readonly [busy: number, memory: number];

/** Load of this machine's GPUs since it was last asked for. */
export interface GpuLoad {
  /** Asks `source` from now on. */
  watch(source: GpuSource): void;
  /** Load of the busiest GPU among what was told since the last call; empty where nothing was. */
  take(): Pick<SystemEvent, 'gpu' | 'gpuMemory'>;
  /** Ends the program that tells. */
  close(): void;
}

/** A load of which nothing is known before a source is watched. What cannot be read or started is left out. */
export function gpuLoad(): GpuLoad {
  let files: GpuSource['files'] = [];
  let printed: Sample[] = [];
  let program: ChildProcess | undefined;
  return {
    watch(source) {
      files = source.files;
      if (source.command === undefined) return;
      const [path, ...args] = source.command;
      const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
      child.once('error', () => undefined);
      program = child;
      let rest = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [busy, memory] = line.split(',');
          printed.push([Number(busy), Number(memory)]);
        }
      });
    },
    take() {
      const samples = [...printed, ...files.flatMap(readSample)];
      printed = [];
      const [busiest] = samples.filter(([busy, memory]) => busy >= 0 && memory >= 0).sort((a, b) => b[0] - a[0]);
      return busiest === undefined ? {} : { gpu: Math.min(1, busiest[0] / 100), gpuMemory: busiest[1] * 2 ** 20 };
    },
    close() {
      program?.kill();
    },
  };
}

function readSample({ busy, memory }: GpuSource['files'][number]): readonly Sample[] {
  try {
    return [[Number(readFileSync(busy, 'utf8')), Number(readFileSync(memory, 'utf8')) / 2 ** 20]];
  } catch {
    return [];
  }
}
