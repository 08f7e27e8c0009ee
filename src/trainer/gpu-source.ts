import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../files/find-program.ts';

/** What tells how busy GPUs are. */
export interface GpuSource {
  /** Program and arguments; prints a line `percent, MiB` for each GPU, again and again. */
  readonly command?: readonly [string, ...string[]];
  /** Of each GPU that the system tells of in files: percent of the time, and bytes in use. */
  readonly files: readonly { readonly busy: string; readonly memory: string }[];
}

/** Prints once a second, until its output is closed; comes with NVIDIA's driver on Linux and Windows. */
const NVIDIA = 'nvidia-smi';
const NVIDIA_ARGS = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits', '--loop=1'] as const;

/**
 * What tells of the GPUs of this machine: NVIDIA's program, which need not be there, and the files of AMD's driver on Linux
 * (`gpu_busy_percent`, `mem_info_vram_used`: kernel documentation, gpu/amdgpu). Others, and macOS, tell nothing without further rights.
 */
export function gpuSource(
  cards = '/sys/class/drm',
  find: (name: string) => string | undefined = findProgram,
): GpuSource {
  const files = (existsSync(cards) ? readdirSync(cards) : [])
    .filter((name) => /^card\d+$/.test(name))
    .map((name) => ({
      busy: join(cards, name, 'device/gpu_busy_percent'),
      memory: join(cards, name, 'device/mem_info_vram_used'),
    }))
    .filter(({ busy }) => existsSync(busy));
  const program = find(NVIDIA);
  return program === undefined ? { files } : { command: [program, ...NVIDIA_ARGS], files };
}
