/** What no input may need more of: processor time in one reader, and resident memory above that of an idle worker. */
export const MOST_CPU_MS = 2000;
export const MOST_MEGABYTES = 512;

/** What was thrown that is no problem. */
export interface Failure {
  /** The reader that failed; undefined when the process died or hung, which tells no reader. */
  readonly reader?: string;
  readonly kind: 'untyped' | 'slow' | 'memory' | 'died' | 'hung';
  /** Name and message of the error, or what was measured. */
  readonly message: string;
  /** First line of the stack that is of this repository or of a package. */
  readonly at?: string;
}

/** How an input was taken. */
export interface Verdict {
  /** `problem` when at least one reader refused it with a typed problem. */
  readonly outcome: 'value' | 'problem' | 'failure';
  /** Processor time of the slowest reader. */
  readonly cpuMs: number;
  /** Peak of resident memory above the worker's start; earlier inputs' garbage is in it. */
  readonly megabytes: number;
  readonly failures: readonly Failure[];
}

/** The same for all failures that are most likely one mistake: those of one place in the code, or of one reader. */
export function signatureOf(format: string, { kind, reader = '', message, at }: Failure): string {
  if (kind !== 'untyped') return `${format} ${kind} ${reader}`;
  const [name = ''] = message.split(':', 1);
  // Without a place the words have to do, less what is quoted and counted in them.
  return `${format} ${name} ${at ?? message.replace(/"[^"]*"|-?\d[\d.,e+]*/g, '…').slice(0, 160)}`;
}
