import { dirname } from 'node:path';
import type { TextDocument } from 'vscode';
import type { FactsFromRuns } from '../../config/check/run-facts.ts';
import { baselineFacts } from '../../runs/find-baseline.ts';
import { runPaths } from '../../runs/layout.ts';
import { isReadable } from '../runs/live-run.ts';
import type { LiveRuns } from '../runs/live-runs.ts';

/** Newest runs that are looked at; older ones rarely know data that these do not. */
const MAX_RUNS = 50;

/** What the runs of a workspace have told, so that an experiment can be checked against it before it starts. */
export interface ExperimentFacts {
  /** What is known for an experiment in this document: data that was read beside it, and the runs that its own will be beside. */
  of(document: Pick<TextDocument, 'fileName'>): Promise<FactsFromRuns>;
}

/**
 * Reads each run's experiment once, when it is first asked about its data. `runsFolderOf` tells where runs of an experiment's file
 * would be; undefined for a file outside of the workspace. `dataOptionsOf` gives the options of data in an experiment's file as
 * JSON, undefined where it has an error.
 */
export function openExperimentFacts(
  runs: LiveRuns,
  runsFolderOf: (fileName: string) => string | undefined,
  dataOptionsOf: (path: string) => Promise<string | undefined>,
): ExperimentFacts {
  /** Options of `data` by run folder: a run's experiment never changes. */
  const optionsOf = new Map<string, Promise<string | undefined>>();

  /** A run whose experiment cannot be read tells nothing. */
  function readOptions(runDir: string): Promise<string | undefined> {
    return dataOptionsOf(runPaths.experiment(runDir)).catch(() => undefined);
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
      const runsFolder = runsFolderOf(fileName);
      const beside = runs.runs.filter((live) => live.runsFolder === runsFolder).map(({ run }) => run);
      return {
        sizeOf: (data) => known.find(({ options }) => options === JSON.stringify(data))?.size,
        ...baselineFacts(beside),
      };
    },
  };
}
