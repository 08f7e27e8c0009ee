import { existsSync, readFileSync } from 'node:fs';
import { experimentSchema } from '../src/config/options/json-schema.ts';
import { optionReference } from '../src/config/options/option-reference.ts';
import { mayImport } from './layers.mjs';
import { quickstartFiles } from './quickstart/files.ts';

/** The repository's folder. */
export const ROOT = new URL('../', import.meta.url);

const [START, END] = ['<!-- options:start -->', '<!-- options:end -->'];

/**
 * Everything in the repository that a script writes: path → the text that it should have. From the table of options the JSON schema and the
 * reference in README.md; from the table of layers the line "May import" in the READMEs of src/; and the quickstart data, which is the same
 * bytes on every machine.
 */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['assets/experiment.schema.json', `${JSON.stringify(experimentSchema(), null, 2)}\n`],
    ['README.md', withReference(readFileSync(new URL('README.md', ROOT), 'utf8'))],
    ...layerReadmes(),
    ...[...quickstartFiles()].map(([name, text]) => [`assets/quickstart/${name}`, text] as const),
  ]);
}

/** The README with the reference of options between its two markers. */
function withReference(readme: string): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has lost its markers ${START} and ${END}`);
  return `${readme.slice(0, start + START.length)}\n${optionReference()}${readme.slice(end)}`;
}

/** The READMEs of layers that say what they may import. */
function layerReadmes(): (readonly [string, string])[] {
  return Object.entries(mayImport).flatMap(([folder, others]) => {
    const path = `src/${folder}/README.md`;
    const file = new URL(path, ROOT);
    if (!existsSync(file)) return [];
    const list = others.length === 0 ? 'nothing of src/' : others.map((other) => `\`${other}\``).join(', ');
    const text = readFileSync(file, 'utf8').replace(
      /^May import: .*$/m,
      `May import: ${list} (\`scripts/layers.mjs\`).`,
    );
    return [[path, text] as const];
  });
}
