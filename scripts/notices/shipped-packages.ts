/** Which npm packages the extension's package ships: those whose code esbuild put into a bundle, those inside of theirs, and those copied as they are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of esbuild's metafile is read. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** A package with code in the vsix. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder in node_modules; of one that its bundler put into another's files, the folder of the one that is installed. */
  readonly folder: string;
  /** Its files in the bundles, absolute; empty for one that is copied or inside of another. */
  readonly files: readonly string[];
  /** The package whose own files hold it. */
  readonly inside?: string;
}

const IN_NODE_MODULES = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** How the name and version of a package stand in a file that pnpm and esbuild have bundled. */
const BUNDLED_BEFORE = /node_modules\/\.pnpm\/[^/\s]+?@([^/\s_(]+)[^/\s]*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g;

/** Metafiles of the bundles in dist/, as the build leaves them. */
export function builtMetafiles(root: string): Metafile[] {
  return ['dist', 'dist/webview'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.meta.json'))
      .map((name) => JSON.parse(readFileSync(join(root, folder, name), 'utf8')) as Metafile),
  );
}

/** The packages of bundles, and those of `copied`, sorted by name. */
export function shippedPackages(
  root: string,
  metafiles: readonly Metafile[],
  copied: readonly string[],
): ShippedPackage[] {
  const filesByFolder = new Map<string, Set<string>>(copied.map((name) => [`node_modules/${name}`, new Set()]));
  for (const path of metafiles.flatMap(inputsOf)) {
    const folder = IN_NODE_MODULES.exec(path)?.[1];
    if (folder === undefined) continue;
    const files = filesByFolder.get(folder) ?? new Set();
    filesByFolder.set(folder, files.add(join(root, path)));
  }
  const packages = [...filesByFolder].map(([folder, files]) => installed(join(root, folder), [...files]));
  const all = [...packages, ...packages.flatMap((one) => packagesInside(root, one))];
  const unique = new Map(all.map((one) => [`${one.name}@${one.version}`, one]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Files of which something is left in an output. */
function inputsOf({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  // A style names a font with a query behind its path.
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path.replace(/\?.*$/, ''));
}

function installed(folder: string, files: readonly string[]): ShippedPackage {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as ShippedPackage;
  return { name, version, folder, files };
}

/** Packages that another one's authors have bundled into its files. */
function packagesInside(root: string, { name: inside, files }: ShippedPackage): ShippedPackage[] {
  const found = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(BUNDLED_BEFORE)]);
  return found.map(([, version, name]) => ({
    name: name!,
    version: version!,
    folder: join(root, 'node_modules', name!),
    files: [],
    inside,
  }));
}
