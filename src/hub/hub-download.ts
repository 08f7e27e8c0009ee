import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../files/subfolder.ts';
import { HubFailure, hubGet, withRetries, type HubHttp, type HubResponse } from './hub-http.ts';

/** A file of a revision, as the hub lists it; what an endpoint does not say is null. */
export interface RemoteFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly size: number | null;
  /** Of large files (LFS). */
  readonly sha256: string | null;
  /** Git's name of the content, SHA-1 over `blob <size>\0` and the bytes; of all other files. */
  readonly blobId: string | null;
}

/** The bytes that arrived are, repeatedly, not those that the hub lists. */
export class CorruptFile extends Error {}

/** A file of this size or none that is being downloaded: what is on disk so far, and its hash. */
interface Part {
  readonly path: string;
  nBytes: number;
  hash: Hash | null;
}

/** Downloads that end with the wrong bytes before the file is given up. */
const MAX_CORRUPT = 2;
/** The most that is taken of a file of which neither the listing nor the answer says how long it is. */
const MAX_UNKNOWN_BYTES = 2 ** 30;

/**
 * Downloads a file to `target`. Bytes go to a hidden `.part` file beside it, which a later call continues; the name `target` appears
 * only with all bytes, checked against size and hash. `onBytes` gets the number of bytes on disk; what it throws ends the download.
 * @throws HubFailure, CorruptFile, the system's errors (disk full), the signal's reason
 */
export async function downloadFile(
  http: HubHttp,
  url: string,
  file: RemoteFile,
  target: string,
  onBytes: (nBytes: number) => void,
): Promise<void> {
  // The name appears only with checked bytes, so a file of the right size is the file.
  if (file.size !== null && (await stat(target).catch(() => null))?.size === file.size) {
    onBytes(file.size);
    return;
  }
  await makeFolder(dirname(target));
  const part = await openPart(partPath(target), file);
  for (let nCorrupt = 0; ;) {
    let furthest = 0;
    await withRetries(
      http,
      async () => {
        if (part.nBytes !== file.size || file.size === 0) await fetchRest(http, url, file, part, onBytes);
      },
      () => (furthest = Math.max(furthest, part.nBytes)),
    );
    const found = part.hash?.digest('hex');
    if (found === undefined || found === (file.sha256 ?? file.blobId)) break;
    await reset(part, file);
    if (++nCorrupt === MAX_CORRUPT) throw new CorruptFile(file.path);
  }
  await rename(part.path, target);
  onBytes(part.nBytes);
}

/** Name of the file that holds the bytes of `target` until all are there. */
export function partPath(target: string): string {
  return join(dirname(target), `.${basename(target)}.part`);
}

async function openPart(path: string, file: RemoteFile): Promise<Part> {
  const part: Part = { path, nBytes: 0, hash: newHash(file) };
  const found = await stat(path).catch(() => null);
  if (found === null) return part;
  // Without a hash to check against, an old part may be of anything.
  if (part.hash === null || found.size > (file.size ?? 0)) {
    await reset(part, file);
    return part;
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    part.hash.update(chunk);
    part.nBytes += chunk.length;
  }
  return part;
}

async function reset(part: Part, file: RemoteFile): Promise<void> {
  await rm(part.path, { force: true });
  part.nBytes = 0;
  part.hash = newHash(file);
}

function newHash({ size, sha256, blobId }: RemoteFile): Hash | null {
  if (size === null) return null;
  if (sha256 !== null) return createHash('sha256');
  return blobId === null ? null : createHash('sha1').update(`blob ${size}\0`);
}

/** Appends what is missing. */
async function fetchRest(
  http: HubHttp,
  url: string,
  file: RemoteFile,
  part: Part,
  onBytes: (nBytes: number) => void,
): Promise<void> {
  let response: HubResponse;
  try {
    response = await hubGet(http, url, part.nBytes > 0 ? { range: `bytes=${part.nBytes}-` } : {});
  } catch (error) {
    // The server knows fewer bytes than we have.
    if (!(error instanceof HubFailure) || error.status !== 416) throw error;
    await reset(part, file);
    response = await hubGet(http, url);
  }
  const { status, headers, chunks } = response;
  const rangeStart = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  if (status === 206 && Number(rangeStart) !== part.nBytes) {
    await chunks.return();
    await reset(part, file);
    throw new HubFailure(`${new URL(url).host} sends another part of ${file.path} than asked for`, null);
  }
  if (status === 200 && part.nBytes > 0) await reset(part, file);
  const length = headers.get('content-length');
  const total = file.size ?? (length === null ? null : part.nBytes + Number(length));
  const most = total ?? MAX_UNKNOWN_BYTES;
  let isTooLong = false;
  const handle = await open(part.path, part.nBytes > 0 ? 'a' : 'w');
  try {
    onBytes(part.nBytes);
    for await (const chunk of chunks) {
      // More than there should be is not even written: it would not end before the disk is full.
      isTooLong = part.nBytes + chunk.length > most;
      if (isTooLong) break;
      await handle.writeFile(chunk);
      part.hash?.update(chunk);
      part.nBytes += chunk.length;
      onBytes(part.nBytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (isTooLong) {
    await reset(part, file);
    const why = total === null ? 'does not say how long it is' : 'should end there';
    // Not transient: whoever sends too much would do so again.
    throw new HubFailure(`${file.path} goes on after ${most} bytes and ${why}`, status);
  }
  if (total === null || part.nBytes === total) return;
  throw new HubFailure(`${file.path} ended after ${part.nBytes} of ${total} bytes`, null);
}
