import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { resolveHubDataset, resolveHubModel } from '../../../../src/hub/hub.ts';
import type { FuzzFormat, Reader } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { anyText, likeValue } from '../like.ts';
import { joinParts, splitParts } from '../parts.ts';
import { bytesOf } from './seeds.ts';

/**
 * An input is what a hub answers, byte for byte: the first part to a question about a revision, the others to requests for a file,
 * by its name; `{{port}}` stands for the server's own port, `{{fill N}}` for N bytes more.
 */
const PARTS = 5;
const FILES = ['config.json', 'model.safetensors', 'train.csv'];
const FILL = /\{\{fill (\d{1,8})\}\}/;
/** Most bytes that an answer is filled up with. */
const MOST_FILL = 64 * 2 ** 20;

const COMMIT = 'a'.repeat(40);
const CONFIG = '{"model_type":"bert"}\n';
const sha1 = (text: string): string => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const WEIGHTS = 'weights '.repeat(40);
const TABLE = 'query,product_id\nq,p\n';
const SIBLINGS = [
  { rfilename: 'config.json', size: CONFIG.length, blobId: sha1(CONFIG) },
  {
    rfilename: 'model.safetensors',
    size: WEIGHTS.length,
    blobId: 'b'.repeat(40),
    lfs: { sha256: sha256(WEIGHTS), size: WEIGHTS.length, pointerSize: 130 },
  },
  { rfilename: 'train.csv', size: TABLE.length, blobId: sha1(TABLE) },
];
const LISTING = { sha: COMMIT, siblings: SIBLINGS };
const UNSIZED = { sha: COMMIT, siblings: FILES.map((rfilename) => ({ rfilename })) };

function answer(status: string, headers: readonly string[], body: string): string {
  return [`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n');
}
const ok = (body: string, isSized = true): string =>
  answer(
    '200 OK',
    [
      'content-type: application/json',
      ...(isSized ? [`content-length: ${Buffer.byteLength(body)}`] : []),
      'connection: close',
    ],
    body,
  );
const REDIRECT = answer(
  '302 Found',
  ['location: http://127.0.0.1:{{port}}/storage', 'content-length: 0', 'connection: close'],
  '',
);
const CHUNKED = answer(
  '200 OK',
  ['transfer-encoding: chunked'],
  `${TABLE.length.toString(16)}\r\n${TABLE}\r\n0\r\n\r\n`,
);

const seed = (...answers: readonly string[]): Uint8Array => joinParts(answers.map(bytesOf));

/** Answers of a hub. */
export const hub: FuzzFormat = {
  ending: 'txt',
  parts: ['http', 'http', 'http', 'http', 'http'],
  seeds: () => [
    seed(ok(JSON.stringify(LISTING), false), ok(CONFIG), REDIRECT, ok(TABLE), ok(WEIGHTS)),
    seed(ok(JSON.stringify(UNSIZED), false), ok(CONFIG, false), ok(WEIGHTS, false), CHUNKED, ok('')),
    seed(
      ok(JSON.stringify(LISTING)),
      ok(CONFIG),
      answer('206 Partial Content', ['content-range: bytes 0-319/320', 'content-length: 320'], WEIGHTS),
      ok(TABLE),
      ok(''),
    ),
    seed(
      answer('404 Not Found', ['x-error-code: RepoNotFound', 'content-length: 0'], ''),
      ok(''),
      ok(''),
      ok(''),
      ok(''),
    ),
    seed(
      answer('429 Too Many Requests', ['retry-after: 0', 'content-length: 2'], 'no'),
      ok(''),
      ok(''),
      ok(''),
      ok(''),
    ),
  ],
  arbitrary: () =>
    fc
      .tuple(
        fc.oneof(likeValue(LISTING), likeValue(UNSIZED)),
        fc.array(fc.oneof(fc.constantFrom(ok(CONFIG), ok(WEIGHTS), ok(TABLE), REDIRECT, CHUNKED, ''), anyAnswer), {
          minLength: 4,
          maxLength: 4,
        }),
      )
      .map(([tree, answers]) => seed(ok(printTree(tree), false), ...answers)),
  words: [
    'content-length: ',
    'content-length: 99999999999',
    'transfer-encoding: chunked',
    'content-encoding: gzip',
    'location: ',
    'location: http://[',
    'location: //',
    'location: /storage',
    'location: file:///etc/passwd',
    'content-range: bytes 5-9/10',
    'HTTP/1.1 301 x',
    'HTTP/1.1 416 x',
    'HTTP/1.1 500 x',
    '\r\n',
    '\r\n\r\n',
    'rfilename',
    '../x',
    'model-00001-of-00002.safetensors',
    'model.safetensors.index.json',
    '1_Pooling/config.json',
    'a.parquet',
    'n'.repeat(300),
    'lfs',
    'sha256',
    'size',
    'siblings',
    '{{fill 60000000}}',
  ],
  readers: { model: ask(resolveHubModel), dataset: ask(resolveHubDataset) },
};

const anyAnswer = fc
  .tuple(
    fc.constantFrom('200 OK', '206 P', '301 M', '302 F', '307 T', '403 F', '404 N', '416 R', '500 E', '503 U', '999 ?'),
    fc.array(
      fc.tuple(
        fc.constantFrom(
          'location',
          'content-length',
          'content-range',
          'etag',
          'x-error-code',
          'retry-after',
          'content-encoding',
          'x-repo-commit',
        ),
        anyText.map((text) => text.replace(/[\r\n]/g, ' ')),
      ),
    ),
    anyText,
  )
  .map(([status, headers, body]) =>
    answer(
      status,
      headers.map(([name, value]) => `${name}: ${value}`),
      body,
    ),
  );

/** Resolves a repository whose hub answers with the input. */
function ask(resolve: typeof resolveHubModel): Reader {
  return async (bytes, folder) => {
    const cache = join(folder, 'cache');
    rmSync(cache, { recursive: true, force: true });
    const port = await serve(splitParts(bytes, PARTS));
    return resolve('org/name', null, {
      environment: { HF_ENDPOINT: `http://127.0.0.1:${port}`, ESCI_LAB_CACHE: cache, HF_TOKEN: 'secret' },
      attempts: 2,
      firstDelayMs: 1,
      maxDelayMs: 1000,
      idleTimeoutMs: 2000,
    });
  };
}

let answers: readonly Uint8Array[] = [];
let port: Promise<number> | undefined;

/** The port of this process's hub, which from now on gives these answers. */
function serve(latest: readonly Uint8Array[]): Promise<number> {
  answers = latest;
  port ??= new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once(
        'data',
        (request) => void reply(socket, request.toString('latin1'), (server.address() as AddressInfo).port),
      );
    });
    // It lives as long as the process has inputs.
    server.unref();
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  return port;
}

async function reply(socket: Socket, request: string, ownPort: number): Promise<void> {
  const path = request.split(' ')[1] ?? '';
  const named = FILES.findIndex((name) => path.endsWith(name));
  const part = path.startsWith('/api/') ? 0 : path.startsWith('/storage') ? PARTS - 1 : 1 + Math.max(0, named);
  const text = Buffer.from(answers[part] ?? new Uint8Array())
    .toString('latin1')
    .replaceAll('{{port}}', String(ownPort));
  const fill = FILL.exec(text);
  if (fill !== null) {
    await write(socket, text.slice(0, fill.index));
    const piece = 'x'.repeat(1 << 20);
    for (let left = Math.min(MOST_FILL, Number(fill[1])); left > 0 && !socket.destroyed; left -= piece.length) {
      await write(socket, piece.slice(0, left));
    }
  }
  socket.end(text.slice(fill === null ? 0 : fill.index + fill[0].length), 'latin1');
}

function write(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(text, 'latin1', () => resolve()));
}
