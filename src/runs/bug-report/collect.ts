/** Puts a run's problem report together: everything that would be in the zip, as texts that a person can read first. */
import { basename } from 'node:path';
import { errorCode } from '../../files/os-problem.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { runPaths } from '../layout.ts';
import { readLogEnd } from '../log/log-end.ts';
import { describeEnvironment } from './environment.ts';
import type { Reporter } from './environment.ts';
import { hideSecrets, privateTexts } from './hide-secrets.ts';
import { keepEventLine } from './keep-event.ts';
import { keepExperiment } from './keep-experiment.ts';
import { keepLog } from './keep-log.ts';
import { keepRecord } from './keep-record.ts';
import { shortRunId } from './keep.ts';
import { listFiles } from './list-files.ts';
import { readParts } from './read-part.ts';

/** A file of a report. */
export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

export interface BugReport {
  /** File name of the zip, without words of a person. */
  readonly fileName: string;
  readonly files: readonly ReportFile[];
}

const MB = 1 << 20;
/** Most that is read of a file of the run folder that a person can edit. */
const MAX_BYTES = MB;
/** How a run begins is told in full, and much more of how it ended. */
const EVENTS_HEAD = MB / 8;
const EVENTS_TAIL = (3 * MB) / 8;
const LOG_LINES = 500;

/**
 * What a problem report of a run holds. A file that is missing or broken is told as such: reports are about runs in any state.
 * `workspace` is the folder that paths are shown from.
 */
export async function collectReport(runDir: string, reporter: Reporter, workspace: string): Promise<BugReport> {
  const found: readonly ReportFile[] = [
    { name: 'environment.json', text: json(describeEnvironment(reporter)) },
    { name: 'run.json', text: await orUnreadable(recordText(runDir)) },
    { name: 'experiment.yml', text: await orUnreadable(experimentText(runDir)) },
    { name: 'events.jsonl', text: await orUnreadable(eventsText(runDir)) },
    { name: 'trainer.log', text: await orUnreadable(logText(runDir)) },
    { name: 'files.txt', text: await listFiles(runDir) },
  ];
  const hidden = privateTexts(workspace);
  const files = [{ name: 'README.txt', text: ABOUT }, ...found].map(({ name, text }) => ({
    name,
    text: hideSecrets(text, hidden),
  }));
  return { fileName: `esci-lab-report-${shortRunId(basename(runDir))}.zip`, files };
}

/** All that a report holds, as one text to read before it is written. */
export function previewText({ fileName, files }: BugReport): string {
  const parts = files.map(({ name, text }) => `── ${name} (${Buffer.byteLength(text)} bytes) ──\n${text}`);
  return `${fileName}: nothing has been written yet. This is all that it would hold.\n\n${parts.join('\n')}`;
}

const ABOUT = `What this report holds, and what it does not.

Kept:
- versions and the machine
- of the experiment: its options with numbers, flags and words of ESCI Lab's own
- of run.json and the events: numbers, times, names of metrics, codes of problems
- of the log's last ${LOG_LINES} lines: those of known shapes (stacks of this program,
  messages of Node and onnxruntime by their fixed words)
- the names and sizes of the run's files

Left out:
- queries, products, rankings and all other data
- names of models, data sets, experiments and runs; titles, tags and notes
- what a problem says beyond its code; unknown lines of the log
- folders, the name of the person and of the machine
- values of environment variables
`;

/** A text from the run folder; where the file is a pipe or may not be read, the code of that instead. */
async function orUnreadable(text: Promise<string>): Promise<string> {
  try {
    return await text;
  } catch (error) {
    const code = error instanceof ProblemError ? error.problem.code : errorCode(error);
    if (code === '') throw error;
    return json({ unreadable: code });
  }
}

async function recordText(runDir: string): Promise<string> {
  const text = await readAll(runPaths.record(runDir));
  if (text === undefined) return json({ unreadable: 'no such file' });
  try {
    return json(keepRecord(JSON.parse(text)) ?? { unreadable: 'not an object', length: text.length });
  } catch {
    return json({ unreadable: 'not JSON', length: text.length });
  }
}

async function experimentText(runDir: string): Promise<string> {
  const text = await readAll(runPaths.experiment(runDir));
  return text === undefined ? '# no such file\n' : keepExperiment(text);
}

async function logText(runDir: string): Promise<string> {
  return keepLog(await readLogEnd(runDir, LOG_LINES));
}

async function eventsText(runDir: string): Promise<string> {
  const parts = await readParts(runPaths.events(runDir), EVENTS_HEAD, EVENTS_TAIL);
  if (parts === undefined) return '';
  const between = parts.nLeftOut === 0 ? [] : [JSON.stringify({ leftOutBytes: parts.nLeftOut })];
  return [...eventLines(parts.head), ...between, ...eventLines(parts.tail)].map((line) => `${line}\n`).join('');
}

function eventLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(keepEventLine);
}

/** The text of a file of at most a megabyte; of a longer one its beginning, which reads as broken. */
async function readAll(path: string): Promise<string | undefined> {
  return (await readParts(path, MAX_BYTES, 0))?.head;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
