import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveHubDataset, resolveHubModel, type HubOptions } from '../../../src/hub/hub.ts';
import { drip, sendForever, startHubServer, type HubServer, type Interference } from './hub-server.ts';

const ID = 'org/model';
const CONFIG = Buffer.from(`{"name":"${'x'.repeat(489)}"}`);
const WEIGHTS = Buffer.alloc(100_000, 7);

let server: HubServer;
let cache: string;

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'hub-'));
  server = await startHubServer(ID, { 'config.json': CONFIG, 'model.safetensors': WEIGHTS });
});

afterEach(async () => {
  await server.close();
  rmSync(cache, { recursive: true, force: true });
});

function options(environment: Record<string, string> = {}): HubOptions {
  return {
    environment: { HF_ENDPOINT: server.url, HF_TOKEN: 'hf_secret', ESCI_LAB_CACHE: cache, ...environment },
    firstDelayMs: 1,
    attempts: 2,
  };
}

const get = (): Promise<string> => resolveHubModel(ID, null, options());
const isListing = (path: string): boolean => path.startsWith('/api/');
const isFile = (path: string): boolean => path.includes('/resolve/') && path.endsWith('config.json');

/** Answers requests for some paths. */
function answer(
  isMeant: (path: string) => boolean,
  send: Parameters<Interference>[1] extends infer R ? (response: R) => void : never,
): void {
  server.interfere = ({ host, path }, response) => {
    if (host !== 'hub' || !isMeant(path)) return false;
    send(response);
    return true;
  };
}

/** Everything that is on the disk, by name. */
function onDisk(): string[] {
  return readdirSync(cache, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
}

describe('a body', () => {
  it('of JSON without end is left after some megabytes', async () => {
    let nSent = 0;
    answer(isListing, (response) => sendForever(response, (n) => (nSent = n)));
    await expect(get()).rejects.toMatchObject({ problem: { code: 'hub-network' } });
    expect(nSent).toBeLessThan(200 * 2 ** 20);
    expect(server.seen).toHaveLength(1);
  });

  it('of JSON nested without end is refused', async () => {
    answer(isListing, (response) => response.end('['.repeat(20 * 2 ** 20)));
    await expect(get()).rejects.toThrow(/something that is not JSON/);
  });

  it('of a file without end is left where the file should end', async () => {
    answer(isFile, (response) => sendForever(response));
    await expect(get()).rejects.toThrow(/config\.json goes on after 500 bytes and should end there/);
    expect(onDisk()).not.toContain('config.json');
    expect(onDisk()).not.toContain('.complete');
  });

  it.each([
    ['the listing', isListing],
    ['a file', isFile],
  ])('of a byte now and then, for %s, counts as silence', async (_, isMeant) => {
    answer(isMeant, (response) => drip(response, 50));
    await expect(resolveHubModel(ID, null, { ...options(), attempts: 1, idleTimeoutMs: 1000 })).rejects.toThrow(
      /within 1 s/,
    );
  });
});

describe('an answer that is no HTTP', () => {
  it('ends the download of another file between two of its reads, too', { timeout: 60_000 }, async () => {
    server.listing = ({ sha, siblings }) => ({
      sha,
      siblings: siblings.map((file) => ({ rfilename: (file as { rfilename: string }).rfilename })),
    });
    server.interfere = ({ path }, response) => {
      if (!path.includes('/resolve/')) return false;
      response.socket?.end(isFile(path) ? `HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${String(CONFIG)}` : 'no HTTP');
      return true;
    };
    // Which of the two is first is not the same each time.
    for (let n = 0; n < 50; n++) {
      await expect(get()).rejects.toMatchObject({ problem: { code: 'hub-network' } });
      rmSync(cache, { recursive: true, force: true });
    }
  });
});

describe('a redirect', () => {
  it.each(['http://[', 'http://', '//', 'https://user@:99999/'])('to %j is no address', async (location) => {
    answer(isListing, (response) => response.writeHead(302, { location }).end());
    await expect(get()).rejects.toMatchObject({ problem: { code: 'hub-network' } });
    expect(server.seen).toHaveLength(1);
  });

  it.each(['file:///etc/passwd', 'data:application/json,{}', 'ftp://example.org/', 'javascript:0'])(
    'to %s is not followed',
    async (location) => {
      answer(isListing, (response) => response.writeHead(302, { location }).end());
      await expect(get()).rejects.toThrow(/which is not followed/);
    },
  );

  it('to itself ends', async () => {
    answer(isListing, (response) =>
      response.writeHead(302, { location: `/api/models/${ID}/revision/main?${server.seen.length}` }).end(),
    );
    await expect(get()).rejects.toThrow(/redirects more than 10 times/);
    expect(server.seen).toHaveLength(11);
  });

  it('to another host, by name or by port, takes no token along', async () => {
    const { port } = new URL(server.url);
    answer(isListing, (response) => response.writeHead(302, { location: `http://localhost:${port}/other` }).end());
    server.interfere = ((before) => (seen, response) => {
      if (seen.path !== '/other') return before(seen, response);
      response.writeHead(404).end();
      return true;
    })(server.interfere);
    await expect(get()).rejects.toThrow();
    expect(server.seen.map(({ path, authorization }) => [path.slice(0, 6), authorization])).toEqual([
      ['/api/m', 'Bearer hf_secret'],
      ['/other', undefined],
    ]);
  });
});

describe('a listing', () => {
  it.each([
    ['null', null],
    ['a number', 5],
    ['a list', []],
    ['without files', { sha: 'a'.repeat(40) }],
    ['of files that are a text', { sha: 'a'.repeat(40), siblings: 'config.json' }],
    ['of a commit that is a path', { sha: '../'.repeat(13) + 'a', siblings: [] }],
    ['of a commit that is a list', { sha: ['a'.repeat(40)], siblings: [] }],
  ])('that is %s is a problem', async (_, listing) => {
    server.listing = () => listing;
    await expect(get()).rejects.toMatchObject({ problem: { code: 'hub-network' } });
  });

  it('of entries of wrong types has no files', async () => {
    server.listing = ({ sha }) => ({
      sha,
      siblings: [
        null,
        5,
        'config.json',
        [],
        { rfilename: 5 },
        { rfilename: { toString: 1 } },
        { rfilename: 'model.safetensors', size: '5', lfs: 7 },
      ],
    });
    await expect(get()).rejects.toThrow(/The repository has no config\.json; found model\.safetensors/);
  });

  it.each([
    '/etc/x.csv',
    '../x.csv',
    'a/../../x.csv',
    'a\\..\\x.csv',
    'C:/x.csv',
    'x.csv\0.csv',
    'x\n.csv',
    './x.csv',
    'a//x.csv',
    'a/./x.csv',
    '..x/x.csv',
    'con.csv',
    'a/NUL.csv',
    'com1.x.csv',
    'a./x.csv',
    'a /x.csv',
    'x?.csv',
    `${'x'.repeat(300)}.csv`,
    `${'d/'.repeat(600)}x.csv`,
  ])('of the file %j leaves it out', async (rfilename) => {
    server.listing = ({ sha }) => ({ sha, siblings: [{ rfilename, size: 1 }] });
    await expect(resolveHubDataset(ID, null, options())).rejects.toThrow(/no parquet, csv, tsv or jsonl file/);
    expect(server.seen).toHaveLength(1);
    expect(onDisk()).toEqual([]);
  });

  it.each([
    ['twice', ['a.csv', 'a.csv']],
    ['twice but for case', ['data/Train.csv', 'Data/train.csv']],
    ['twice but for the form of a letter', ['\u00e9.csv', 'e\u0301.csv']],
    ['and as a folder', ['a.csv', 'a.csv/b.csv']],
    ['and as a folder, the other way round', ['a.csv/b.csv', 'A.csv']],
  ])('of a file %s is a problem', async (_, names) => {
    server.listing = ({ sha }) => ({ sha, siblings: names.map((rfilename) => ({ rfilename, size: 1 })) });
    await expect(resolveHubDataset(ID, null, options())).rejects.toMatchObject({
      problem: { code: 'hub-files', message: expect.stringContaining('one folder cannot hold') as string },
    });
    expect(server.seen).toHaveLength(1);
  });

  it('of more files than anybody needs is a problem', async () => {
    server.listing = ({ sha }) => ({
      sha,
      siblings: Array.from({ length: 200_000 }, (__, i) => ({
        rfilename: `model-${i}-of-5.safetensors`,
        size: 1,
      })).concat({ rfilename: 'config.json', size: 1 }),
    });
    await expect(get()).rejects.toThrow(/200001 files of use; expected at most 10000/);
  });

  it('of a file of a million gigabytes does not fit', async () => {
    server.listing = ({ sha }) => ({
      sha,
      siblings: [
        { rfilename: 'config.json', size: 1 },
        { rfilename: 'model.safetensors', size: 10 ** 15 },
      ],
    });
    await expect(get()).rejects.toMatchObject({ problem: { code: 'disk-full' } });
  });
});

describe('a revision', () => {
  it.each([
    '..',
    '.',
    '',
    'a/../b',
    '../../x',
    'a b',
    'a\nb',
    'a\0b',
    '\u001b[2J',
    'x'.repeat(300),
    'é'.repeat(100),
    '/a',
    'a/',
    'a//b',
    'a.lock',
    'refs/.hidden',
    'a~1',
    'a^',
    'a:b',
    'a@{0}',
    'a\\b',
  ])('%j is refused before anything is asked', async (revision) => {
    await expect(resolveHubModel(ID, revision, options())).rejects.toMatchObject({ problem: { code: 'hub-revision' } });
    expect(server.seen).toHaveLength(0);
    expect(onDisk()).toEqual([]);
  });

  it.each(['%2e%2e', 'refs/pr/1', 'v1.0+cu12', '%00', 'a#b'])('%j is asked for as it is', async (revision) => {
    await expect(resolveHubModel(ID, revision, options())).rejects.toThrow(/has no revision/);
    expect(server.seen[0]?.path).toBe(`/api/models/${ID}/revision/${encodeURIComponent(revision)}?blobs=true`);
  });
});

it.each(['x'.repeat(97), `org/${'x'.repeat(300)}`])('the id %j is too long', async (id) => {
  await expect(resolveHubModel(id, null, options())).rejects.toMatchObject({ problem: { code: 'hub-id' } });
});

it.each(['not an address', 'ftp://example.org', 'file:///tmp'])('HF_ENDPOINT=%s is a problem', async (endpoint) => {
  await expect(resolveHubModel(ID, null, options({ HF_ENDPOINT: endpoint }))).rejects.toMatchObject({
    problem: { code: 'hub-network' },
  });
});

it('a cache folder whose name is too long is a problem', async () => {
  const folder = join(cache, 'x'.repeat(300));
  await expect(resolveHubModel(ID, null, options({ ESCI_LAB_CACHE: folder }))).rejects.toMatchObject({
    problem: { code: 'cannot-write', message: expect.stringContaining('ENAMETOOLONG') as string },
  });
});

it('what a server says reaches a message in one short line without control characters', async () => {
  answer(isListing, (response) => response.writeHead(400, { 'x-error-message': `\u009b2J${'x'.repeat(5000)}` }).end());
  const error = await get().catch((reason: unknown) => reason as Error);
  expect((error as Error).message).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  expect((error as Error).message.length).toBeLessThan(1000);
});
