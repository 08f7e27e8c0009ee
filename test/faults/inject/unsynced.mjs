/**
 * What a process wrote and did not sync, as a power cut may lose it. As strict as POSIX: bytes last once their file is
 * synced, the new name of a folder lasts once the folder that it is in is synced. Deletions last at once.
 */
import { dirname } from 'node:path';

export class Unsynced {
  /** Bytes of a file that last, by path. @type {Map<string, number>} */
  #lasting = new Map();
  /** @type {{ from: string, to: string }[]} */
  #renames = [];
  #fs;

  constructor(fs) {
    this.#fs = fs;
  }

  /** A file is written to from now on; what it had before lasts. */
  opened(path, bytes = this.#sizeOf(path)) {
    if (!this.#lasting.has(path)) this.#lasting.set(path, bytes);
  }

  synced(path) {
    this.#renames = this.#renames.filter(({ to }) => dirname(to) !== path);
    if (this.#lasting.has(path)) this.#lasting.set(path, this.#sizeOf(path));
  }

  renamed(from, to) {
    for (const [path, bytes] of [...this.#lasting]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#lasting.delete(path);
      this.#lasting.set(to + path.slice(from.length), bytes);
    }
    if (this.#fs.statSync(to).isDirectory()) this.#renames.push({ from, to });
  }

  /** Cuts the files to a share of what was not synced, and takes back renames whose folder was not. */
  lose(keptShare) {
    for (const [path, bytes] of this.#lasting) {
      const size = this.#sizeOf(path);
      if (size > bytes) this.#fs.truncateSync(path, Math.floor(bytes + (size - bytes) * keptShare));
    }
    for (const { from, to } of this.#renames.reverse()) if (this.#fs.existsSync(to)) this.#fs.renameSync(to, from);
  }

  #sizeOf(path) {
    return this.#fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
