/** Holds the lock of a folder until a line comes on stdin; says `held` once it has it. */
import { once } from 'node:events';
import { withLock } from '../../../src/hub/hub-lock.ts';

await withLock(process.argv[2]!, undefined, async () => {
  console.log('held');
  await once(process.stdin, 'data');
});
process.exit();
