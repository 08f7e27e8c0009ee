import { readExperiment } from '../../config/check/parse-experiment.ts';
import { ESCI_GAINS } from '../../vocabulary/label.ts';
import { RUN_DATA } from '../../protocol/panels/run-data.ts';
import type { RunDataCalls } from '../../protocol/panels/run-data.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { openServer, problemOf } from '../../protocol/rpc.ts';
import type { Handlers, Port } from '../../protocol/rpc.ts';
import { readExperimentText } from '../../runs/experiment-text.ts';
import { runPaths } from '../../runs/layout.ts';
import { readLogEnd } from '../../runs/log/log-end.ts';
import { openRankings } from '../../rankings/rankings.ts';
import type { Rankings } from '../../rankings/rankings.ts';
import { subscribeToRun, readAbout } from './subscribe-to-run.ts';

const MAX_PAGE = 500;

/** Serves `RUN_DATA` of one run folder on a port, until disposed. Reads only; blocks now and then, so it runs in a worker. */
export function serveRun(port: Port, runDir: string): { dispose(): Promise<void> } {
  let following = new AbortController();
  let rankings: Rankings | undefined;

  async function storedRankings(): Promise<Rankings> {
    rankings ??= await openRankings(runDir, 'test');
    if (rankings === undefined) {
      throw new ProblemError({ code: 'no-rankings', message: 'This run has not stored its test rankings yet.' });
    }
    return rankings;
  }

  const handlers: Handlers<RunDataCalls> = {
    async open() {
      following.abort();
      following = new AbortController();
      const about = await readAbout(runDir);
      subscribeToRun(
        runDir,
        {
          onUpdate: (update) => server.notify('update', update),
          onAbout: (latest) => server.notify('about', latest),
          onError: (error) => server.notify('problem', problemOf(error)),
        },
        following.signal,
      );
      return about;
    },
    experiment: async () => ({ text: await readExperimentText(runDir) }),
    async rankings() {
      const before = rankings;
      rankings = undefined;
      await before?.close();
      rankings = await openRankings(runDir, 'test');
      if (rankings === undefined) return {};
      const { index, rankers, metrics } = rankings;
      return { summary: { nQueries: index.ids.length, rankers, metrics, gains: await readGains(runDir) } };
    },
    page: async (request) => (await storedRankings()).page({ ...request, limit: Math.min(MAX_PAGE, request.limit) }),
    async ranking({ id }) {
      const found = await (await storedRankings()).query(id);
      if (found !== undefined) return found;
      throw new ProblemError({ code: 'no-query', message: `There is no query ${id} in this run’s rankings.` });
    },
    log: async ({ nLines }) => ({ lines: await readLogEnd(runDir, nLines) }),
  };
  const server = openServer(port, RUN_DATA, handlers);

  return {
    async dispose() {
      following.abort();
      server.dispose();
      await rankings?.close();
    },
  };
}

/** The experiment's gains; the paper's when its text cannot be read, which the experiment tab then shows. */
async function readGains(runDir: string): Promise<typeof ESCI_GAINS> {
  try {
    const path = runPaths.experiment(runDir);
    return readExperiment(await readExperimentText(runDir), path).hyperparameters.gains;
  } catch {
    return ESCI_GAINS;
  }
}
