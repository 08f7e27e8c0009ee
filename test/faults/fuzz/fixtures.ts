import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FORMAT_NAMES, FORMATS } from './formats.ts';
import type { FormatName } from './formats.ts';

/** Inputs that once failed, a folder a format: `<hash>.<ending>`, compressed where that is much shorter. */
const FOLDER = fileURLToPath(new URL('../../fixtures/fuzz/', import.meta.url));

/** Larger fixtures are told, not kept. */
const MOST_BYTES = 24_000;

export interface Fixture {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The fixtures of all formats that have any. */
export function readFixtures(): { readonly format: FormatName; readonly fixtures: readonly Fixture[] }[] {
  return FORMAT_NAMES.filter((format) => existsSync(join(FOLDER, format))).map((format) => ({
    format,
    fixtures: readdirSync(join(FOLDER, format))
      .sort()
      .map((name) => {
        const bytes = readFileSync(join(FOLDER, format, name));
        return { name, bytes: name.endsWith('.gz') ? gunzipSync(bytes) : bytes };
      }),
  }));
}

/** Keeps an input that failed and gives its path; undefined when it is too large to be kept. */
export function keepFixture(format: FormatName, bytes: Uint8Array): string | undefined {
  const packed = gzipSync(bytes, { level: 9 });
  const isPacked = bytes.length > 1000 && packed.length < bytes.length / 2;
  const content = isPacked ? packed : bytes;
  if (content.length > MOST_BYTES) return undefined;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const path = join(FOLDER, format, `${hash}.${FORMATS[format].ending}${isPacked ? '.gz' : ''}`);
  mkdirSync(join(FOLDER, format), { recursive: true });
  writeFileSync(path, content);
  return path;
}
