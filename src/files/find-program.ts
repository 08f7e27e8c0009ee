/** Where programs of the system are. They are started by absolute path: a name alone may be looked for in the working folder. */
import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** What decides where programs are looked for; this process's outside tests. */
export interface ProgramPlaces {
  readonly platform: string;
  /** The variable PATH. */
  readonly path: string;
  /** The variable SystemRoot, of Windows alone. */
  readonly systemRoot?: string | undefined;
}

/** The places of this process. */
export function ownPlaces(): ProgramPlaces {
  const { env } = process;
  return { platform: process.platform, path: env['PATH'] ?? env['Path'] ?? '', systemRoot: env['SystemRoot'] };
}

/**
 * The absolute path of a program of the system by its name without `.exe`, for example `ps`; undefined when it is in none of the
 * folders of `programFolders`.
 */
export function findProgram(name: string, places = ownPlaces(), isThere = isProgram): string | undefined {
  return programPaths(name, places).find(isThere);
}

/** Every path at which a program of that name may be, first the one that counts. */
export function programPaths(name: string, places: ProgramPlaces): string[] {
  const isWindows = places.platform === 'win32';
  return programFolders(places).map((folder) =>
    isWindows ? win32.join(folder, `${name}.exe`) : posix.join(folder, name),
  );
}

/**
 * The folders in which programs are looked for, in their order: those of PATH whose path is absolute, so that neither `.` nor an
 * empty entry stands for the working folder; on Windows the system's own before them.
 */
export function programFolders({ platform, path, systemRoot }: ProgramPlaces): string[] {
  const isPlace = (folder: string): boolean => isAbsolutePlace(folder, platform);
  if (platform !== 'win32') return [...new Set(path.split(':').filter(isPlace))];
  const root = systemRoot !== undefined && isPlace(systemRoot) ? systemRoot : 'C:\\Windows';
  const system = win32.join(root, 'System32');
  const named = path.split(';').map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  return [...new Set([system, win32.join(system, 'WindowsPowerShell\\v1.0'), ...named.filter(isPlace)])];
}

/** Whether a path means the same wherever a process is. On Windows `\folder` and `C:folder` do not. */
export function isAbsolutePlace(path: string, platform: string): boolean {
  return platform === 'win32' ? /^(?:[A-Za-z]:[\\/]|\\\\[^\\/])/.test(path) : path.startsWith('/');
}

/** Whether a file can be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
