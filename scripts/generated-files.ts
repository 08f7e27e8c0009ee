import { readFileSync } from 'node:fs';
import { experimentSchema } from '../src/config/options/json-schema.ts';
import { optionReference } from '../src/config/options/option-reference.ts';
import { quickstartFiles } from './quickstart/files.ts';

/** The repository's folder. */
export const ROOT = new URL('../', import.meta.url);

const [START, END] = ['<!-- options:start -->', '<!-- options:end -->'];

/**
 * Everything in the repository that a script writes: path → the text that it should have. From the table of options the JSON schema and the
 * reference in README.md, and the quickstart data, which is the same bytes on every machine.
 */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['assets/experiment.schema.json', `${JSON.stringify(experimentSchema(), null, 2)}\n`],
    ['README.md', withReference(readFileSync(new URL('README.md', ROOT), 'utf8'))],
    ...[...quickstartFiles()].map(([name, text]) => [`assets/quickstart/${name}`, text] as const),
  ]);
}

/** The README with the reference of options between its two markers. */
function withReference(readme: string): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has lost its markers ${START} and ${END}`);
  return `${readme.slice(0, start + START.length)}\n${optionReference()}${readme.slice(end)}`;
}
