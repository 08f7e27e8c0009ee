/** What is whole in a run folder, judged from its files alone: not by the code that is tested. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Steps with a checkpoint that holds what it says, ascending. Optimiser state is asked for as long as the log does not say that
 * training is over.
 */
export function wholeCheckpoints(runDir: string): number[] {
  const folder = join(runDir, 'checkpoints');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^step-\d+$/.test(name) && isWhole(join(folder, name), isTrained(runDir)))
    .map((name) => Number(name.slice('step-'.length)))
    .sort((a, b) => a - b);
}

function isTrained(runDir: string): boolean {
  const log = join(runDir, 'events.jsonl');
  return existsSync(log) && readFileSync(log, 'utf8').includes('"type":"trained"');
}

function isWhole(folder: string, isTrained: boolean): boolean {
  try {
    const { files } = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as {
      files: Record<string, { sha256: string }>;
    };
    return Object.entries(files).every(([name, { sha256 }]) => {
      if (isTrained && name === 'optimizer.safetensors' && !existsSync(join(folder, name))) return true;
      return (
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex') === sha256
      );
    });
  } catch {
    return false;
  }
}
