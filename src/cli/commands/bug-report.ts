import type { Command } from 'commander';
import { resolve } from 'node:path';
import { writeFileAtomic } from '../../files/write-file.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { collectReport, previewText } from '../../runs/bug-report/collect.ts';
import type { BugReport } from '../../runs/bug-report/collect.ts';
import { zipReport } from '../../runs/bug-report/zip.ts';
import { findListedRun } from '../../runs/find-run.ts';
import { commandWithRuns } from '../cli-context.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { outJson } from '../terminal.ts';

interface BugReportOptions extends CommonOptions {
  readonly out?: string;
  readonly yes?: true;
}

/** `esci-lab bug-report`: a zip about a run for whoever looks for a bug, without data, texts, names and secrets. */
export function bugReportCommand(cli: Cli): Command {
  return commandWithRuns('bug-report')
    .description('make a zip about a run to attach to a bug report; what is in it is shown first')
    .argument('<run>', 'id or its beginning, name, folder, or latest')
    .option('--out <file>', 'file to write; esci-lab-report-….zip without it')
    .option('-y, --yes', 'write without asking')
    .action((run: string, options: BugReportOptions) => bugReport(cli, run, options));
}

async function bugReport(cli: Cli, wanted: string, options: BugReportOptions): Promise<void> {
  const run = await findListedRun(options.runs, wanted);
  const report = await collectReport(resolve(run.runDir), { app: 'command line', version: cli.version }, process.cwd());
  // Programs read `out`.
  const show = (text: string): void => (options.json ? cli.terminal.err(text) : cli.terminal.out(text));
  show(contentsText(report));
  if (!options.yes && !(await isWanted(cli, () => show(previewText(report))))) {
    cli.terminal.err('Nothing was written.\n');
    return;
  }
  const file = options.out ?? report.fileName;
  await writeFileAtomic(resolve(file), zipReport(report));
  const files = report.files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) }));
  if (options.json) outJson(cli.terminal, { type: 'bug-report', file: resolve(file), files });
  else cli.terminal.out(`${cli.terminal.paint('green', 'wrote')} ${file}\n`);
  cli.finish(EXIT.done);
}

/** Names and sizes, then what is left out and kept, in the report's own words. */
function contentsText({ files }: BugReport): string {
  const rows = files.map(
    ({ name, text }) => `  ${name.padEnd(18)} ${String(Buffer.byteLength(text)).padStart(9)} bytes\n`,
  );
  return `${files[0]!.text}\nThe zip would hold:\n${rows.join('')}`;
}

/** @throws ProblemError `not-confirmed` where nobody can be asked */
async function isWanted(cli: Cli, showAll: () => void): Promise<boolean> {
  for (;;) {
    const answer = (await cli.ask('Write it? [y]es, [N]o, [s]how all of it: '))?.trim().toLowerCase();
    if (answer === undefined) throw notConfirmed();
    if (answer !== 's' && answer !== 'show') return ['y', 'yes'].includes(answer);
    showAll();
  }
}

function notConfirmed(): ProblemError {
  return new ProblemError({
    code: 'not-confirmed',
    message: 'Nothing was written: nobody can be asked here whether this report may be.',
    next: 'Add --yes to write it without a question.',
  });
}
