/** The worker thread behind a panel: reads and sorts there, so that the extension host never waits. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Port } from '../../protocol/rpc.ts';
import type { PanelJob } from './panel-job.ts';
import { serveCompare } from './serve-compare.ts';
import { serveRun } from './serve-run.ts';

const job = workerData as PanelJob;
const channel = parentPort;
if (channel === null) throw new Error('panel-worker runs as a worker thread');

const port: Port = {
  post: (message) => channel.postMessage(message),
  listen(listener) {
    channel.on('message', listener);
    return () => void channel.off('message', listener);
  },
};

if (job.kind === 'run') serveRun(port, job.runDir);
else serveCompare(port, job.runsFolder);
