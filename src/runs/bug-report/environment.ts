import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { keepCpu } from './keep-cpu.ts';

/** The program that makes a report. */
export interface Reporter {
  readonly app: 'command line' | 'editor';
  /** Of ESCI Lab. */
  readonly version: string;
  /** Of the editor. */
  readonly editorVersion?: string;
  /** Whether the editor's window is on another machine. */
  readonly isRemote?: boolean;
  /** Settings by name: numbers and flags as they are; of all else whether it was changed. */
  readonly settings?: Readonly<Record<string, number | boolean>>;
}

/** Variables that change what a run does. Whether they are set is told, never what to. */
const VARIABLES = [
  'ESCI_LAB_CACHE',
  'HF_ENDPOINT',
  'HF_HUB_OFFLINE',
  'HF_TOKEN',
  'HTTPS_PROXY',
  'NODE_OPTIONS',
  'NODE_USE_ENV_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'OMP_NUM_THREADS',
];

/** Versions and the machine, as an object for JSON. Everything is of this process, nothing of the run. */
export function describeEnvironment(reporter: Reporter): Record<string, unknown> {
  const { node, electron, v8 } = process.versions;
  return {
    ...reporter,
    node,
    ...(electron === undefined ? {} : { electron }),
    v8,
    platform: platform(),
    // What a distribution or a person appends to it is left out.
    osRelease: /^\d+(?:\.\d+)*/.exec(release())?.[0],
    arch: arch(),
    cpu: keepCpu(cpus()[0]?.model),
    nCores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    isSet: Object.fromEntries(VARIABLES.map((name) => [name, (process.env[name] ?? '') !== ''])),
  };
}
