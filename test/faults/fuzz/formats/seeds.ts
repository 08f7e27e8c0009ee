import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of the repository, by its path from the root. */
export function fileOf(path: string): Uint8Array {
  return readFileSync(pathOf(path));
}

/** Its text. */
export function textOf(path: string): string {
  return readFileSync(pathOf(path), 'utf8');
}

/** All files below a folder whose names end so, in the order of their names. */
export function filesBelow(folder: string, ending: string): Uint8Array[] {
  return readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => fileOf(`${folder}/${name}`));
}

/** Absolute path of something in the repository. */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}

/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Text of bytes as readers of text files decode them. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
