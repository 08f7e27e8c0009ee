import { resolve } from 'node:path';
import type { Experiment } from '../../config/experiment.ts';
import { findNode } from '../../process/find-node.ts';
import { probeExperiment } from '../../process/probe-experiment.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatProbe } from '../format/format-probe.ts';
import { requireTrainer } from '../launch-run.ts';
import { outJson, outLines } from '../terminal.ts';

/** `esci-lab start --dry-run`: what would run, and what it would take here. Ctrl-C ends it. */
export async function printDryRun(
  cli: Cli,
  { path, text, experiment }: { readonly path: string; readonly text: string; readonly experiment: Experiment },
  options: CommonOptions,
): Promise<void> {
  requireTrainer(cli);
  const { terminal } = cli;
  const stop = new AbortController();
  const unlisten = cli.onInterrupt(() => stop.abort());
  const clear = (): void => {
    if (terminal.isScreen) terminal.redraw('');
  };
  try {
    const report = await probeExperiment({
      node: await findNode(),
      script: cli.trainerScript,
      job: { kind: 'probe', text, experimentFile: path, runsFolder: resolve(options.runs) },
      signal: stop.signal,
      onProgress: (what, done, total) => {
        if (!terminal.isScreen || options.json) return;
        terminal.redraw(terminal.paint('dim', total === null ? `${done} ${what}` : `${done} of ${total} ${what}`));
      },
    });
    clear();
    if (options.json) outJson(terminal, report);
    else outLines(terminal, formatProbe(report, experiment, terminal.paint));
    cli.finish(EXIT.done);
  } catch (error) {
    clear();
    if (!stop.signal.aborted) throw error;
    cli.finish(EXIT.stopped);
  } finally {
    unlisten();
  }
}
