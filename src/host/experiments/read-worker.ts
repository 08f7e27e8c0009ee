/** The worker thread that reads experiments which nobody has opened: whatever they hold, the extension host never waits. */
import { parentPort } from 'node:worker_threads';
import { serveReads, TEXT_READERS } from './serve-reads.ts';

if (parentPort === null) throw new Error('read-worker runs as a worker thread');
serveReads(parentPort, TEXT_READERS);
