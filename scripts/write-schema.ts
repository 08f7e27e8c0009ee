/**
 * Writes what is generated from the table of options: the JSON schema and the options' reference, which stands in the README
 * between two markers, or in assets/options.md while the README has none. Run: npx tsx scripts/write-schema.ts
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { experimentSchema } from '../src/config/options/json-schema.ts';
import { optionReference } from '../src/config/options/option-reference.ts';

const ROOT = new URL('../', import.meta.url);
const [START, END] = ['<!-- options:start -->', '<!-- options:end -->'];

/** Path in the repository → the text that it should have. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const reference = optionReference();
  const readme = existsSync(new URL('README.md', ROOT)) ? readFileSync(new URL('README.md', ROOT), 'utf8') : '';
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  const hasMarkers = start >= 0 && end > start;
  return new Map([
    ['assets/experiment.schema.json', `${JSON.stringify(experimentSchema(), null, 2)}\n`],
    hasMarkers
      ? ['README.md', `${readme.slice(0, start + START.length)}\n${reference}${readme.slice(end)}`]
      : ['assets/options.md', `# Experiment options\n\n${reference}`],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of generatedFiles()) {
    const file = fileURLToPath(new URL(path, ROOT));
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    console.log(`wrote ${path}`);
  }
}
