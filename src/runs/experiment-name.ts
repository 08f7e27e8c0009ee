import { basename } from 'node:path';

/** The name of the experiment in a file: the file's without `.esci.yml` or another extension. */
export function experimentName(path: string): string {
  return basename(path).replace(/(\.esci)?\.ya?ml$/i, '');
}
