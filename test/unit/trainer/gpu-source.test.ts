import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gpuSource } from '../../../src/trainer/gpu-source.ts';
import { tempFolder } from '../runs/temp-folder.ts';

it('finds the cards whose driver tells of their load', () => {
  const cards = tempFolder();
  for (const name of ['card0', 'card0-DP-1', 'card1', 'renderD128'])
    mkdirSync(join(cards, name, 'device'), { recursive: true });
  writeFileSync(join(cards, 'card1/device/gpu_busy_percent'), '37\n');
  writeFileSync(join(cards, 'card0-DP-1/device/gpu_busy_percent'), '37\n');
  const device = join(cards, 'card1/device');
  const files = [{ busy: join(device, 'gpu_busy_percent'), memory: join(device, 'mem_info_vram_used') }];
  expect(gpuSource(cards)).toMatchObject({ files });
});

it('finds none where the system lists no cards', () => {
  expect(gpuSource(join(tempFolder(), 'nothing')).files).toEqual([]);
});

it('asks NVIDIA’s program by its absolute path, where the system has it', () => {
  const nowhere = join(tempFolder(), 'nothing');
  expect(gpuSource(nowhere, (name) => `/usr/bin/${name}`).command?.[0]).toBe('/usr/bin/nvidia-smi');
  expect(gpuSource(nowhere, () => undefined)).toEqual({ files: [] });
});
