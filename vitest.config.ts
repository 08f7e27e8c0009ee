import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,trainer}/**/*.test.ts'],
    // onnxruntime is native: a process each, so that a crash takes down one file.
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { NO_COLOR: '1' },
  },
});
