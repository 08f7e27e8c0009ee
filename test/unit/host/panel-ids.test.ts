/** Ids of runs that come from a page, or from what the editor kept of one, never leave the runs folder. */
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { keptComparison, keptRun } from '../../../src/host/panels/panel-state.ts';
import { serveCompare } from '../../../src/host/panels/serve-compare.ts';
import { keptQueue } from '../../../src/host/trainers/kept-queue.ts';
import { PANEL_ACTIONS } from '../../../src/protocol/panels/actions.ts';
import { COMPARE_DATA } from '../../../src/protocol/panels/compare-data.ts';
import { openClient } from '../../../src/protocol/rpc.ts';
import type { Port } from '../../../src/protocol/rpc.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const ELSEWHERE = ['../../etc', '/etc', '..', '.', '', '.trash', 'a/b', 'a\\b', 'x\0', '..\\x', 'x'.repeat(256)];

function portOf(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    listen(listener) {
      port.on('message', listener);
      return () => void port.off('message', listener);
    },
  };
}

/** A page's end of the comparison of a runs folder. */
function compare(runsFolder: string) {
  const { port1, port2 } = new MessageChannel();
  const served = serveCompare(portOf(port1), runsFolder);
  const client = openClient(portOf(port2), COMPARE_DATA, () => undefined);
  ends.push(() => port1.close());
  ends.push(() => served.dispose());
  return client.calls;
}

describe('a page', () => {
  it('is told of runs of its folder alone', async () => {
    const folder = tempFolder();
    const run = { name: 'x', job: 'train', experimentFile: '/x.yml' } as const;
    const own = await createRun(join(folder, 'runs'), '', run);
    const other = await createRun(join(folder, 'secret'), '', { ...run, name: 'secret' });
    const calls = compare(join(folder, 'runs'));
    const { runs } = await calls.open({ runIds: [own.record.id] });
    expect(runs).toMatchObject([{ title: 'x', status: 'queued' }]);
    for (const id of [`../secret/${other.record.id}`, other.runDir, ...ELSEWHERE]) {
      const refused = { problem: { code: 'bad-message' } };
      await expect(calls.open({ runIds: [id] }), id).rejects.toMatchObject(refused);
      await expect(calls.deltas({ runIds: [id], metric: 'm' }), id).rejects.toMatchObject(refused);
      const deltas = calls.deltas({ runIds: [own.record.id], baselineId: id, metric: 'm' });
      await expect(deltas, id).rejects.toMatchObject(refused);
    }
  });

  it('acts on runs beside its own alone', () => {
    const { act, diff } = PANEL_ACTIONS.calls;
    expect(act.params({ action: 'stop', runId: 'my run' }, '')).toEqual([]);
    for (const id of ELSEWHERE) {
      expect(act.params({ action: 'stop', runId: id }, ''), id).toHaveLength(1);
      expect(diff.params({ runIds: ['a', id] }, ''), id).toHaveLength(1);
    }
  });
});

describe('what the editor kept', () => {
  const runsFolder = join(tempFolder(), 'runs');

  it('of a run’s panel is a run of the workspace', () => {
    expect(keptRun({ runDir: join(runsFolder, 'x') }, [runsFolder])).toBe(join(runsFolder, 'x'));
    const places = [
      ...ELSEWHERE,
      ...ELSEWHERE.map((id) => `${runsFolder}/${id}`),
      `${runsFolder}/a/../../x`,
      runsFolder,
    ];
    for (const runDir of [...places, 7, null])
      expect(keptRun({ runDir }, [runsFolder]), String(runDir)).toBeUndefined();
    expect(keptRun({ runDir: join(runsFolder, 'x') }, [])).toBeUndefined();
    expect(keptRun(undefined, [runsFolder])).toBeUndefined();
  });

  it('of a comparison is runs of the workspace', () => {
    const kept = { runsFolder, runIds: ['a', 'b'] };
    expect(keptComparison(kept, [runsFolder])).toEqual(kept);
    expect(keptComparison(kept, ['/other'])).toBeUndefined();
    for (const id of [...ELSEWHERE, 7])
      expect(keptComparison({ runsFolder, runIds: ['a', id] }, [runsFolder])).toBeUndefined();
    expect(keptComparison({ runsFolder, runIds: 'ab' }, [runsFolder])).toBeUndefined();
  });

  it('of the queue is a queue', () => {
    const queue = [{ runDir: '/r/x', cwd: '/w', isResumed: false }];
    expect(keptQueue(queue)).toEqual(queue);
    for (const kept of [undefined, null, {}, 'x', [null], [{ runDir: '/r/x' }], [{ ...queue[0], cwd: 7 }]])
      expect(keptQueue(kept)).toEqual([]);
  });
});
