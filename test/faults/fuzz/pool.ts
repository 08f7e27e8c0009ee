import type { FormatName } from './formats.ts';
import type { FuzzInput } from './inputs.ts';
import type { Failure, Verdict } from './verdict.ts';
import { startWorker } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A worker that has grown by this much is replaced, so that the next input's peak is its own. */
const REPLACE_ABOVE_MB = 300;
/** Failures that depend on the process, which are believed when they come again alone in a new one. */
const TO_CONFIRM: ReadonlySet<Failure['kind']> = new Set(['slow', 'memory', 'died', 'hung']);

/** Reads inputs in a worker that is replaced when it dies, hangs or grows. */
export interface Lane {
  /** Verdicts of inputs in their order; a failure by time, memory or death was seen twice. */
  read(format: FormatName, inputs: readonly FuzzInput[]): Promise<Verdict[]>;
  close(): Promise<void>;
}

/** Opens a lane; its worker starts with the first batch. */
export function openLane(start: () => Promise<WorkerProcess> = startWorker): Lane {
  let worker: WorkerProcess | undefined;

  async function readyWorker(): Promise<WorkerProcess> {
    worker ??= await start();
    return worker;
  }

  async function replace(): Promise<void> {
    await worker?.close();
    worker = undefined;
  }

  async function alone(format: FormatName, bytes: Uint8Array): Promise<Verdict> {
    await replace();
    let found: Verdict | undefined;
    const cut = await (await readyWorker()).run(format, [bytes], (verdict) => (found = verdict));
    if (needsReplacing(found, cut !== undefined)) await replace();
    return found ?? lost(cut!);
  }

  async function confirm(
    format: FormatName,
    inputs: readonly FuzzInput[],
    verdicts: Verdict[],
    i: number,
  ): Promise<void> {
    const again = await alone(format, inputs[i]!.bytes);
    const isDeath = verdicts[i]!.failures.some(({ kind }) => kind === 'died');
    if (!isDeath || again.outcome === 'failure' || i === 0) {
      verdicts[i] = again;
      return;
    }
    // What an input has left behind may end the process while the next one is read. A death that never comes again still counts.
    const before = await alone(format, inputs[i - 1]!.bytes);
    if (before.outcome !== 'failure') return;
    verdicts[i - 1] = before;
    verdicts[i] = again;
  }

  async function read(format: FormatName, inputs: readonly FuzzInput[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    while (verdicts.length < inputs.length) {
      const rest = inputs.slice(verdicts.length).map(({ bytes }) => bytes);
      const cut = await (await readyWorker()).run(format, rest, (verdict) => verdicts.push(verdict));
      if (needsReplacing(verdicts.at(-1), cut !== undefined)) await replace();
      if (cut !== undefined) verdicts.push(lost(cut));
    }
    for (const [i, verdict] of verdicts.entries()) {
      if (verdict.failures.some(({ kind }) => TO_CONFIRM.has(kind))) await confirm(format, inputs, verdicts, i);
    }
    return verdicts;
  }

  return { read, close: replace };
}

function needsReplacing(verdict: Verdict | undefined, wasCut: boolean): boolean {
  return wasCut || (verdict !== undefined && verdict.megabytes > REPLACE_ABOVE_MB);
}

/** The verdict on an input that ended the process. */
function lost({ kind, message }: { readonly kind: 'died' | 'hung'; readonly message: string }): Verdict {
  return { outcome: 'failure', cpuMs: 0, megabytes: 0, failures: [{ kind, message }] };
}
