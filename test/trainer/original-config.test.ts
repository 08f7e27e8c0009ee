import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEvents } from '../../src/runs/log/read-events.ts';
import { startHubServer, type HubServer } from '../unit/hub/hub-server.ts';
import { temporaryFolder, writeTinyData, writeTinyModel } from './tiny-run.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();
let model: HubServer;
let data: HubServer;
let hub: Server;

/** One address for both repositories, as on the real hub. */
beforeAll(async () => {
  model = await startHubServer(
    'cross-encoder/ms-marco-MiniLM-L-12-v2',
    filesOf(writeTinyModel(join(folder, 'model'), 512)),
  );
  data = await startHubServer('alvations/esci-data-task1', filesOf(writeTinyData(join(folder, 'data'))));
  hub = createServer((incoming, outgoing) => {
    const target = (incoming.url ?? '').includes('datasets/') ? data : model;
    const options = { method: incoming.method, headers: { ...incoming.headers, host: new URL(target.url).host } };
    incoming.pipe(
      request(`${target.url}${incoming.url ?? ''}`, options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  hub.close();
  await Promise.all([model.close(), data.close()]);
});

function filesOf(path: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]));
}

it('the original pipeline’s model_config.yml runs unchanged where a hub is reachable', async () => {
  const config = join(repository, 'configs/model_config.yml');
  const endpoint = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const environment = { ...process.env, HF_ENDPOINT: endpoint, ESCI_LAB_CACHE: join(folder, 'cache') };
  const cli = [join(repository, 'dist/cli.js'), 'start', config, '--runs', join(folder, 'runs')];
  await promisify(execFile)(process.execPath, cli, { cwd: folder, env: environment });

  const [id] = readdirSync(join(folder, 'runs'));
  const { events } = await readEvents(join(folder, 'runs', id!));
  expect(events.some((event) => event.type === 'progress' && event.phase === 'download')).toBe(true);
  expect(events.filter((event) => event.type === 'test').map(({ ranker }) => ranker)).toContain('fine-tuned');
  expect(events.at(-1)?.type).toBe('finished');
  // The extra outputs that the file asks for, each below the run's id.
  const artifacts = join(folder, 'esci-artifacts');
  for (const path of ['final_fine_tuned_model', 'checkpoints', 'logs', 'fine_tuning_experiment']) {
    expect(existsSync(join(artifacts, path, id!)), path).toBe(true);
  }
  expect(readdirSync(join(artifacts, 'fine_tuning_experiment', id!))[0]).toMatch(/^events\.out\.tfevents\./);
});

it('without a network it says how to go on', async () => {
  const environment = { ...process.env, HF_ENDPOINT: 'http://127.0.0.1:9', ESCI_LAB_CACHE: join(folder, 'empty') };
  const cli = [
    join(repository, 'dist/cli.js'),
    'start',
    join(repository, 'configs/bi-encoder.yml'),
    '--runs',
    join(folder, 'offline'),
  ];
  const failure = await promisify(execFile)(process.execPath, cli, { cwd: folder, env: environment }).catch(
    (error: unknown) => error,
  );
  const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string };
  expect(code).toBe(2);
  expect(stdout + stderr).toMatch(/bundled:|folder/);
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
});
