/** The process that reads hostile inputs, in the place of the editor, the terminal or the trainer: `worker.ts FOLDER`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from './formats.ts';
import { catchStrayErrors, judge } from './judge.ts';
import type { Batch, Said } from './messages.ts';

const [folder = ''] = process.argv.slice(2);
catchStrayErrors();

/** Resolves once the message has left this process: what comes next may never end. */
function say(message: Said): Promise<void> {
  return new Promise((resolve) => process.send!(message, () => resolve()));
}

async function work({ format, inputs }: Batch): Promise<void> {
  const own = join(folder, format);
  mkdirSync(own, { recursive: true });
  for (const bytes of inputs) await say(await judge(FORMATS[format], bytes, own));
}

let last: Promise<void> = Promise.resolve();
process.on('message', (batch: Batch) => {
  last = last.then(() => work(batch));
});
process.on('disconnect', () => process.exit());
await say('ready');
