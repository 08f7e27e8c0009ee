import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShippedPackage } from './shipped-packages.ts';

/** A licence as a package states it. */
export interface Licence {
  /** SPDX, from its package.json. */
  readonly id: string;
  readonly text: string;
  /** Why the text is not the package's own file. */
  readonly reason?: string;
}

const REPOSITORY = 'The npm package has no licence file; this is the text of its repository';

/** Packages without a licence file of their own → a file beside this one, and why it holds for them. */
const ELSEWHERE: Readonly<Record<string, { readonly file: string; readonly reason: string }>> = {
  'onnxruntime-common': { file: 'mit-microsoft.txt', reason: `${REPOSITORY}, microsoft/onnxruntime.` },
  'onnxruntime-node': { file: 'mit-microsoft.txt', reason: `${REPOSITORY}, microsoft/onnxruntime.` },
  'onnxruntime-web': { file: 'mit-microsoft.txt', reason: `${REPOSITORY}, microsoft/onnxruntime.` },
  '@microsoft/fast-element': { file: 'mit-microsoft.txt', reason: `${REPOSITORY}, microsoft/fast.` },
  '@microsoft/fast-foundation': { file: 'mit-microsoft.txt', reason: `${REPOSITORY}, microsoft/fast.` },
  '@microsoft/fast-web-utilities': { file: 'mit-microsoft.txt', reason: `${REPOSITORY}, microsoft/fast.` },
};

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice|copyrightnotice|third.?party)/i;

/** The licence of a package with its full text; undefined when nobody knows the text. A table entry that is not needed any more is an error. */
export function licenceOf({ name, folder }: ShippedPackage): Licence | undefined {
  if (!existsSync(join(folder, 'package.json'))) return undefined;
  const { license: id } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { license?: string };
  const files = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort();
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  if (files.length > 0 && elsewhere !== undefined) {
    throw new Error(
      `${name} has ${files.join(', ')} now: take it out of the table in scripts/notices/licence-text.ts.`,
    );
  }
  if (id === undefined) return undefined;
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  if (text !== '') return { id, text };
  if (elsewhere === undefined) return undefined;
  return { id, text: readFileSync(join(import.meta.dirname, elsewhere.file), 'utf8').trim(), reason: elsewhere.reason };
}
