import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveHubDataset, resolveHubModel, type HubOptions, type HubProgress } from '../../../src/hub/hub.ts';
import { sendError, startHubServer, type HubServer } from './hub-server.ts';

const ID = 'org/model';
const WEIGHTS = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));

let server: HubServer;
let cache: string;

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'hub-'));
  server = await startHubServer(ID, {
    'README.md': Buffer.from('# A model'),
    'config.json': Buffer.from('{}'),
    'tokenizer.json': Buffer.from('{"model":{}}'),
    '1_Pooling/config.json': Buffer.from('{"pooling_mode":"mean"}'),
    'model.safetensors': WEIGHTS,
    'pytorch_model.bin': Buffer.alloc(5000),
    'onnx/model.onnx': Buffer.alloc(5000),
  });
});

afterEach(async () => {
  await server.close();
  rmSync(cache, { recursive: true, force: true });
});

function options(environment: Record<string, string> = {}, more: Partial<HubOptions> = {}): HubOptions {
  return {
    environment: { HF_ENDPOINT: server.url, ESCI_LAB_CACHE: cache, ...environment },
    firstDelayMs: 1,
    onProgress: ({ doneBytes }) => server.received(doneBytes),
    ...more,
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

const storageRanges = (): (string | undefined)[] =>
  server.seen.filter(({ host }) => host === 'storage').map(({ range }) => range);

describe('a model', () => {
  it('arrives whole, without files that are not needed', async () => {
    const folder = await resolveHubModel(ID, null, options());
    expect(filesIn(folder)).toEqual([
      '.complete',
      '1_Pooling/config.json',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(folder).toBe(join(cache, 'models--org--model', server.commit()));
  });

  it('in shards arrives with its index', async () => {
    const shards = {
      'model-00001-of-00002.safetensors': Buffer.alloc(2000, 1),
      'model-00002-of-00002.safetensors': Buffer.alloc(10, 2),
    };
    server.files = { 'config.json': Buffer.from('{}'), 'model.safetensors.index.json': Buffer.from('{}'), ...shards };
    expect(filesIn(await resolveHubModel(ID, 'main', options()))).toEqual(
      ['.complete', ...Object.keys(server.files)].sort(),
    );
  });

  it('is not fetched twice; a commit is not even asked for', async () => {
    await resolveHubModel(ID, null, options());
    const nSeen = server.seen.length;
    await resolveHubModel(ID, null, options());
    expect(server.seen.length).toBe(nSeen + 1);
    await resolveHubModel(ID, server.commit(), options());
    expect(server.seen.length).toBe(nSeen + 1);
  });

  it('that changed is fetched beside the old one', async () => {
    const old = await resolveHubModel(ID, null, options());
    server.files = { ...server.files, 'config.json': Buffer.from('{"new":1}') };
    const folder = await resolveHubModel(ID, null, options());
    expect(folder).not.toBe(old);
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{"new":1}');
    expect(readFileSync(join(old, 'config.json'), 'utf8')).toBe('{}');
  });

  it('without safetensors is refused before anything is downloaded', async () => {
    delete server.files['model.safetensors'];
    await expect(resolveHubModel(ID, null, options())).rejects.toThrow(
      /no model\.safetensors; found .*pytorch_model\.bin/,
    );
    expect(server.seen).toHaveLength(1);
  });

  it('with paths that leave the folder gets none of them', async () => {
    server.files = { ...server.files, '../../1_Pooling/config.json': Buffer.from('evil') };
    expect(filesIn(await resolveHubModel(ID, null, options()))).toHaveLength(5);
    expect(filesIn(cache).filter((path) => path.includes('Pooling'))).toHaveLength(1);
  });
});

it('a data set arrives as its parquet files', async () => {
  server.files = {
    'data/train-00000-of-00001.parquet': Buffer.alloc(3000, 7),
    'data/test-00000-of-00001.parquet': Buffer.alloc(20, 7),
    'raw/train.csv': Buffer.from('a,b'),
    'README.md': Buffer.from('#'),
  };
  const folder = await resolveHubDataset(ID, null, options());
  expect(filesIn(folder)).toEqual([
    '.complete',
    'data/test-00000-of-00001.parquet',
    'data/train-00000-of-00001.parquet',
  ]);
  expect(server.seen[0]?.path).toMatch(/^\/api\/datasets\//);
  expect(server.seen[1]?.path).toMatch(/^\/datasets\/org\/model\/resolve\//);
});

it('the token goes to the hub and not to the host it redirects to', async () => {
  await resolveHubModel(ID, null, options({ HF_TOKEN: 'hf_secret' }));
  const byHost = (host: string): Set<string | undefined> =>
    new Set(server.seen.filter((seen) => seen.host === host).map(({ authorization }) => authorization));
  expect(byHost('hub')).toEqual(new Set(['Bearer hf_secret']));
  expect(byHost('storage')).toEqual(new Set([undefined]));
});

it('reports growing bytes up to the total', async () => {
  const reports: HubProgress[] = [];
  await resolveHubModel(ID, null, options({}, { onProgress: (progress) => reports.push(progress) }));
  const total = WEIGHTS.length + 2 + 12 + 23;
  expect(new Set(reports.map(({ totalBytes }) => totalBytes))).toEqual(new Set([total]));
  expect(reports.at(-1)?.doneBytes).toBe(total);
  const done = reports.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual([...done].sort((a, b) => a - b));
});

describe('a bad connection', () => {
  it('that breaks again and again is continued where it broke', async () => {
    server.cuts.push(...new Array<number>(8).fill(30_000));
    const folder = await resolveHubModel(ID, null, options({}, { attempts: 2 }));
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(storageRanges()).toHaveLength(9);
    expect(
      storageRanges()
        .slice(1)
        .every((range) => range !== undefined),
    ).toBe(true);
  });

  it('that stays broken leaves what arrived for the next call', async () => {
    server.cuts.push(100_000);
    let isDown = false;
    server.interfere = ({ host }, response) => {
      if (host === 'hub') return false;
      if (isDown) response.destroy();
      const wasDown = isDown;
      isDown = true;
      return wasDown;
    };
    await expect(resolveHubModel(ID, null, options({}, { attempts: 2 }))).rejects.toThrow(/cannot be downloaded/);
    const folder = join(cache, 'models--org--model', server.commit());
    expect(filesIn(folder)).not.toContain('model.safetensors');
    expect(filesIn(folder)).not.toContain('.complete');
    server.interfere = () => false;
    await resolveHubModel(ID, null, options());
    expect(storageRanges().at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });

  it('that answers 500, 429 and nothing is tried again', async () => {
    let n = 0;
    server.interfere = (_, response) => {
      n += 1;
      if (n === 1) sendError(response, 500, '');
      else if (n === 2) sendError(response, 429, '', { 'retry-after': '0' });
      // The third request stays without an answer.
      return n <= 3;
    };
    await resolveHubModel(ID, null, options({}, { idleTimeoutMs: 3000 }));
    expect(n).toBeGreaterThan(4);
  });

  it.each(['61', '16777217', '1e308', 'Infinity'])('that is to wait %s s is given up at once', async (seconds) => {
    server.interfere = (_, response) => {
      sendError(response, 429, '', { 'retry-after': seconds });
      return true;
    };
    await expect(resolveHubModel(ID, null, options())).rejects.toThrow(/429 .*asks to wait more than 60 s/);
    expect(server.seen).toHaveLength(1);
  });

  it('to a server without ranges starts the file again', async () => {
    server.cuts.push(50_000);
    server.interfere = ({ host, range }, response) => {
      if (host === 'hub' || range === undefined) return false;
      response.writeHead(200, { 'content-length': WEIGHTS.length }).end(WEIGHTS);
      return true;
    };
    const folder = await resolveHubModel(ID, null, options());
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });
});

describe('damage', () => {
  it('of a part on disk is noticed by its hash and repaired', async () => {
    server.cuts.push(100_000);
    server.interfere = ({ host, range }, response) =>
      host === 'storage' && range !== undefined && !response.destroy().writable;
    await expect(resolveHubModel(ID, null, options({}, { attempts: 1 }))).rejects.toThrow();
    server.interfere = () => false;
    const folder = join(cache, 'models--org--model', server.commit());
    writeFileSync(join(folder, '.model.safetensors.part'), Buffer.alloc(1000, 99));
    await resolveHubModel(ID, null, options());
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });

  it('on the way is a problem, and no file', async () => {
    server.interfere = ({ host }, response) => {
      if (host === 'hub') return false;
      response.writeHead(200, { 'content-length': WEIGHTS.length }).end(Buffer.alloc(WEIGHTS.length));
      return true;
    };
    await expect(resolveHubModel(ID, null, options())).rejects.toMatchObject({ problem: { code: 'hub-corrupt' } });
    expect(existsSync(join(cache, 'models--org--model', server.commit(), 'model.safetensors'))).toBe(false);
  });

  it('of the cache is repaired by fetching what is missing', async () => {
    const folder = await resolveHubModel(ID, null, options());
    truncateSync(join(folder, 'model.safetensors'), 10);
    unlinkSync(join(folder, 'config.json'));
    const nSeen = server.seen.length;
    await resolveHubModel(ID, server.commit(), options());
    expect(filesIn(folder)).toHaveLength(5);
    // The listing, two files, the redirect of one.
    expect(server.seen.length - nSeen).toBe(4);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });
});

describe('without network', () => {
  const dead = { HF_ENDPOINT: 'http://127.0.0.1:9' };

  it('a downloaded branch is used, and said', async () => {
    const folder = await resolveHubModel(ID, null, options());
    const notices: string[] = [];
    expect(await resolveHubModel(ID, null, options(dead, { onNotice: (notice) => notices.push(notice) }))).toBe(folder);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(`commit ${server.commit()}`);
  });

  it('HF_HUB_OFFLINE uses the cache and asks nobody', async () => {
    const folder = await resolveHubModel(ID, null, options());
    const nSeen = server.seen.length;
    expect(await resolveHubModel(ID, null, options({ HF_HUB_OFFLINE: '1' }))).toBe(folder);
    await expect(resolveHubModel(ID, 'v2', options({ HF_HUB_OFFLINE: '1' }))).rejects.toMatchObject({
      problem: {
        code: 'hub-offline',
        next: expect.stringContaining(`set model.revision to a downloaded one (${server.commit()})`) as string,
      },
    });
    expect(server.seen.length).toBe(nSeen);
  });

  it('the problem says how to go on', async () => {
    await expect(resolveHubDataset(ID, null, options(dead, { attempts: 2 }))).rejects.toMatchObject({
      problem: {
        code: 'hub-network',
        message: expect.stringContaining('127.0.0.1:9 does not answer (') as string,
        where: 'data.uri "org/model"',
        next: expect.stringMatching(
          /set data\.uri to a folder or to bundled:quickstart; set HF_ENDPOINT to a mirror/,
        ) as string,
      },
    });
  });
});

it('a proxy that Node does not follow is named', async () => {
  const environment = { HF_ENDPOINT: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://proxy.example:3128' };
  await expect(resolveHubModel(ID, null, options(environment, { attempts: 1 }))).rejects.toThrow(
    /NODE_USE_ENV_PROXY=1/,
  );
});

describe('refusals', () => {
  it.each([
    [
      'gated',
      401,
      'GatedRepo',
      {},
      'hub-access',
      /does not give this model to everybody[^]*Accept its terms at .*org\/model, then set HF_TOKEN/,
    ],
    ['forbidden', 403, '', { HF_TOKEN: 'hf_secret' }, 'hub-access', /to the owner of HF_TOKEN/],
    [
      'unknown to a stranger',
      401,
      '',
      {},
      'hub-not-found',
      /no model of this name for everybody to read[^]*set HF_TOKEN/,
    ],
  ] as const)('%s', async (_, status, code, environment, problemCode, text) => {
    server.interfere = (__, response) => {
      sendError(response, status, code);
      return true;
    };
    const result = resolveHubModel(ID, null, options(environment));
    await expect(result).rejects.toMatchObject({ problem: { code: problemCode } });
    await expect(result).rejects.toThrow(text);
    await expect(result).rejects.not.toThrow(/hf_secret/);
    expect(server.seen).toHaveLength(1);
  });

  it('a misspelt id gets the nearest known one', async () => {
    await expect(resolveHubModel('cross-encoder/ms-marco-MiniLM-L12-v2', null, options())).rejects.toThrow(
      /Did you mean "cross-encoder\/ms-marco-MiniLM-L-12-v2"\?/,
    );
  });

  it('an unknown revision is named', async () => {
    await expect(resolveHubModel(ID, 'v9', options())).rejects.toThrow(/no revision "v9"/);
  });

  it.each(['a/b/c', '../x', 'a b', '', 'org/../x', 'C:\\models'])('%j is no hub id', async (id) => {
    await expect(resolveHubModel(id, null, options())).rejects.toMatchObject({ problem: { code: 'hub-id' } });
    expect(server.seen).toHaveLength(0);
  });

  it('a login page instead of a hub is no JSON', async () => {
    server.interfere = (_, response) => {
      response.writeHead(200).end('<html>Please log in</html>');
      return true;
    };
    await expect(resolveHubModel(ID, null, options())).rejects.toThrow(/not JSON: <html>Please log in/);
  });
});

it('aborting ends the download with the reason', async () => {
  const controller = new AbortController();
  const stop = new Error('stopped by a person');
  const onProgress = ({ doneBytes }: HubProgress): void => {
    if (doneBytes > 1000) controller.abort(stop);
  };
  await expect(resolveHubModel(ID, null, options({}, { signal: controller.signal, onProgress }))).rejects.toBe(stop);
});

it('what onProgress throws ends the download', async () => {
  const stop = new Error('stop');
  const onProgress = (): void => {
    throw stop;
  };
  await expect(resolveHubModel(ID, null, options({}, { onProgress }))).rejects.toBe(stop);
});

describe('several at once', () => {
  const lockFile = () => join(cache, 'models--org--model', '.lock-1');
  const heldBy = (pid: number, host: string) => JSON.stringify({ pid, startTime: '', host });

  it('fetch each file once', async () => {
    const folders = await Promise.all([1, 2, 3].map(() => resolveHubModel(ID, null, options())));
    expect(new Set(folders).size).toBe(1);
    expect(storageRanges()).toHaveLength(1);
  });

  it('a lock of a process that is gone is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    await resolveHubModel(ID, null, options());
    rmSync(join(cache, 'models--org--model', server.commit()), { recursive: true });
    writeFileSync(lockFile(), heldBy(child.pid!, hostname()));
    await resolveHubModel(ID, null, options());
    expect(existsSync(lockFile())).toBe(false);
  });

  it('a lock that nobody has touched for minutes is taken over', async () => {
    await resolveHubModel(ID, null, options());
    rmSync(join(cache, 'models--org--model', server.commit()), { recursive: true });
    writeFileSync(lockFile(), heldBy(process.pid, 'another-machine'));
    const longAgo = new Date(Date.now() - 5 * 60_000);
    utimesSync(lockFile(), longAgo, longAgo);
    await resolveHubModel(ID, null, options());
    expect(existsSync(lockFile())).toBe(false);
  });

  it('a lock of a living process is waited for until the person gives up', async () => {
    await resolveHubModel(ID, null, options());
    rmSync(join(cache, 'models--org--model', server.commit()), { recursive: true });
    writeFileSync(lockFile(), heldBy(process.pid, hostname()));
    const nSeen = server.seen.length;
    await expect(resolveHubModel(ID, null, options({}, { signal: AbortSignal.timeout(500) }))).rejects.toThrow(
      /timeout/,
    );
    expect(server.seen.length).toBe(nSeen + 1);
  });
});
