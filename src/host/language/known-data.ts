import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TextDocument } from 'vscode';
import type { KnownSize } from '../../config/data-checks.ts';
import { runPaths } from '../../runs/layout.ts';
import { isReadable } from '../runs/live-run.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import { configCode } from './config-code.ts';

/** Newest runs that are looked at; older ones rarely know data that these do not. */
const MAX_RUNS = 50;

/** The data that runs of a workspace have read, so that an experiment can be checked against it before it starts. */
export interface KnownData {
  /** What is known for an experiment of this document's folder; sizes by the options of `data`. */
  of(document: Pick<TextDocument, 'fileName'>): Promise<KnownSize>;
}

/** Reads each run's experiment once, when it is first asked about its data. */
export function openKnownData(runs: LiveRuns): KnownData {
  /** Options of `data` by run folder: a run's experiment never changes. */
  const optionsOf = new Map<string, Promise<string | undefined>>();

  async function readOptions(runDir: string): Promise<string | undefined> {
    const { parseExperiment } = await configCode();
    const parsed = parseExperiment(await readFile(runPaths.experiment(runDir), 'utf8').catch(() => ''), '');
    return 'experiment' in parsed ? JSON.stringify(parsed.experiment.data) : undefined;
  }

  return {
    async of({ fileName }) {
      // Paths in an experiment are relative to its folder.
      const folder = dirname(fileName);
      const read = runs.runs
        .filter(isReadable)
        .filter(({ run: { record } }) => record.data !== undefined && dirname(record.experimentFile) === folder)
        .slice(0, MAX_RUNS);
      const known = await Promise.all(
        read.map(async ({ run: { runDir, record } }) => {
          const options = optionsOf.get(runDir) ?? readOptions(runDir);
          optionsOf.set(runDir, options);
          const { nQueries, nJudgements } = record.data!;
          return { options: await options, size: { nQueries: nQueries.train, nJudgements: nJudgements.train } };
        }),
      );
      return (data) => known.find(({ options }) => options === JSON.stringify(data))?.size;
    },
  };
}
