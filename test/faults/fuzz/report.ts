import type { Verdict } from './verdict.ts';

/** What became of the inputs of a format. */
export interface Tally {
  readonly format: string;
  nInputs: number;
  nMutated: number;
  nValues: number;
  nProblems: number;
  /** Errors that are no problems, deaths, and too much memory. */
  nCrashes: number;
  /** Too much time. */
  nHangs: number;
  slowestMs: number;
  mostMegabytes: number;
}

export function newTally(format: string): Tally {
  const none = { nInputs: 0, nMutated: 0, nValues: 0, nProblems: 0, nCrashes: 0, nHangs: 0 };
  return { format, ...none, slowestMs: 0, mostMegabytes: 0 };
}

/** Whether an input of the format made something crash or hang. */
export function hasFailed({ nCrashes, nHangs }: Tally): boolean {
  return nCrashes + nHangs > 0;
}

/** Counts an input and its verdict. */
export function count(tally: Tally, isMutated: boolean, { outcome, failures, cpuMs, megabytes }: Verdict): void {
  const isHang = failures.some(({ kind }) => kind === 'hung' || kind === 'slow');
  tally.nInputs++;
  tally.nMutated += Number(isMutated);
  tally.nValues += Number(outcome === 'value');
  tally.nProblems += Number(outcome === 'problem');
  tally.nHangs += Number(isHang);
  tally.nCrashes += Number(outcome === 'failure' && !isHang);
  tally.slowestMs = Math.max(tally.slowestMs, cpuMs);
  tally.mostMegabytes = Math.max(tally.mostMegabytes, megabytes);
}

const COLUMNS: readonly { readonly header: string; readonly cell: (tally: Tally) => string }[] = [
  { header: 'format', cell: ({ format }) => format },
  { header: 'inputs', cell: ({ nInputs }) => String(nInputs) },
  { header: 'mutated', cell: ({ nMutated }) => String(nMutated) },
  { header: 'values', cell: ({ nValues }) => String(nValues) },
  { header: 'problems', cell: ({ nProblems }) => String(nProblems) },
  { header: 'crashes', cell: ({ nCrashes }) => String(nCrashes) },
  { header: 'hangs', cell: ({ nHangs }) => String(nHangs) },
  { header: 'slowest ms', cell: ({ slowestMs }) => slowestMs.toFixed(0) },
  { header: 'most MB', cell: ({ mostMegabytes }) => mostMegabytes.toFixed(0) },
];

/** The tallies and their sum as a table. */
export function tableOf(tallies: readonly Tally[]): string[] {
  const rows = [...tallies, total(tallies)].map((tally) => COLUMNS.map(({ cell }) => cell(tally)));
  const lines = [COLUMNS.map(({ header }) => header), ...rows];
  const widths = COLUMNS.map((_, column) => lines.reduce((most, line) => Math.max(most, line[column]!.length), 0));
  return lines.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
}

function total(tallies: readonly Tally[]): Tally {
  const sum = newTally('all');
  for (const tally of tallies) {
    for (const key of ['nInputs', 'nMutated', 'nValues', 'nProblems', 'nCrashes', 'nHangs'] as const)
      sum[key] += tally[key];
    sum.slowestMs = Math.max(sum.slowestMs, tally.slowestMs);
    sum.mostMegabytes = Math.max(sum.mostMegabytes, tally.mostMegabytes);
  }
  return sum;
}
