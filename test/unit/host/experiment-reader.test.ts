/** The real worker, bundled as the extension's is: what it cannot read in time, or at all, costs one file. */
import { build } from 'esbuild';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openExperimentReader } from '../../../src/host/experiments/experiment-reader.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { KEPT } from '../config/hostile-texts.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'experiment-reader-'));
const VALID = 'model: { name: a }\ndata: { uri: b }\n';

/** Bundles a worker, as scripts/build.mjs does. */
async function bundle(name: string, entry: { readonly contents: string } | { readonly file: string }): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    ...('file' in entry ? { entryPoints: [entry.file] } : { stdin: { contents: entry.contents, resolveDir: ROOT } }),
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

/** The worker with a reader that never comes to an end, or takes all memory, where a text asks for that. */
const SPINNING = `
  import { parentPort } from 'node:worker_threads';
  import { serveReads, TEXT_READERS } from './src/host/experiments/serve-reads.ts';
  serveReads(parentPort, {
    ...TEXT_READERS,
    summary(text) {
      while (text.includes('for ever')) {}
      const kept = [];
      while (text.includes('all memory')) kept.push(new Array(100_000).fill(kept.length));
      return TEXT_READERS.summary(text);
    },
  });
`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const messageOf = (read: Promise<unknown>) =>
  read.then(
    () => 'read',
    (error: unknown) => (error instanceof ProblemError ? error.problem.message : `no problem: ${String(error)}`),
  );

let [real, spinning] = ['', ''];
beforeAll(async () => {
  [real, spinning] = await Promise.all([
    bundle('real', { file: join(ROOT, 'src/host/experiments/read-worker.ts') }),
    bundle('spinning', { contents: SPINNING }),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('reads experiments and run folders, tells other files apart, and names what it cannot open', async () => {
  const reader = openExperimentReader(real, 60_000);
  try {
    expect(await reader.read('summary', file('a.yml', VALID))).toMatchObject({ model: 'a', data: 'b' });
    expect(await reader.read('summary', file('b.yml', 'services: {}\n'))).toBeUndefined();
    expect(JSON.parse((await reader.read('dataOptions', file('c.yml', VALID)))!)).toMatchObject({ uri: 'b' });
    const large = file('d.yml', `${VALID}${'# note\n'.repeat(1_000_000)}`);
    expect(await reader.read('summary', large)).toMatchObject({ settings: '1 problem' });
    expect(await messageOf(reader.read('summary', join(folder, 'none.yml')))).toBe('There is no such file.');
    expect(await messageOf(reader.read('summary', folder))).toBe('This is no ordinary file.');
    for (const [name, text] of KEPT) {
      expect(await messageOf(reader.read('summary', file(name, text))), name).toBe('read');
    }
  } finally {
    reader.dispose();
  }
});

it('gives up a file that spins, and reads the others, in order, with a new worker', async () => {
  const reader = openExperimentReader(spinning, 3000);
  try {
    const reads = [
      ['1.yml', VALID],
      ['2.yml', `# for ever\n${VALID}`],
      ['3.yml', VALID],
      ['4.yml', `# all memory\n${VALID}`],
      ['5.yml', VALID],
    ].map(([name, text]) => messageOf(reader.read('summary', file(name!, text!))));
    const [first, spun, third, greedy, last] = await Promise.all(reads);
    expect([first, third, last]).toEqual(['read', 'read', 'read']);
    expect(spun).toBe('could not be read in time (3 s)');
    expect(greedy).toMatch(/^could not be read(?: in time|: .*memory)/);
  } finally {
    reader.dispose();
  }
});

it('starts no worker before there is something to read, and says when there is none to start', async () => {
  const reader = openExperimentReader(join(folder, 'no-such-worker.mjs'), 60_000);
  try {
    expect(await messageOf(reader.read('summary', file('e.yml', VALID)))).toMatch(
      /^could not be read: .*no-such-worker/,
    );
    expect(await messageOf(reader.read('summary', file('f.yml', VALID)))).toMatch(/^could not be read/);
  } finally {
    reader.dispose();
  }
});
