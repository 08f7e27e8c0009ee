import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '../vocabulary/problem.ts';

const PREFIX = 'bundled:';

/** The package's `assets/` folder, found above this file: it is src/model/ in the repository and dist/ in the package. */
export function assetsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'assets', 'models'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package has no assets/models folder');
    folder = parent;
  }
  return join(folder, 'assets');
}

/** Folder of the bundled model that `bundled:NAME` names; null for any other name. */
export function bundledModelFolder(name: string): string | null {
  if (!name.startsWith(PREFIX)) return null;
  const models = join(assetsFolder(), 'models');
  const folder = join(models, name.slice(PREFIX.length));
  if (existsSync(join(folder, 'config.json'))) return folder;
  throw new ProblemError({
    code: 'no-such-model',
    message: `there is no bundled model "${name.slice(PREFIX.length)}"; there is ${readdirSync(models).join(', ')}`,
    where: 'model.name',
    next: `Use ${PREFIX}${readdirSync(models)[0] ?? 'NAME'}, a hub id or a folder.`,
  });
}

/** Folder of the bundled data that `bundled:NAME` names; null for any other name. */
export function bundledDataFolder(uri: string): string | null {
  if (!uri.startsWith(PREFIX)) return null;
  const folder = join(assetsFolder(), uri.slice(PREFIX.length));
  if (uri.length > PREFIX.length && existsSync(join(folder, 'dataset.json'))) return folder;
  throw new ProblemError({
    code: 'no-such-data',
    message: `there is no bundled data set "${uri.slice(PREFIX.length)}"; there is quickstart`,
    where: 'data.uri',
    next: `Use ${PREFIX}quickstart, a hub id or a folder.`,
  });
}
