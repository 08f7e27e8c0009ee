import { createReadStream } from 'node:fs';
import { Command, type OutputConfiguration } from 'commander';
import { errorCode } from '../../files/os-problem.ts';
import { nearestName } from '../../metrics/nearest-name.ts';
import { evaluateTrec, type TrecEvaluation, type TrecOptions } from '../../metrics/trec/evaluate.ts';
import { type Parsed, parseQrels, parseRun, type Qrels, type TrecRun } from '../../metrics/trec/files.ts';
import { MEASURES } from '../../metrics/trec/measures.ts';
import { printTrec } from '../../metrics/trec/print.ts';
import { NICKNAMES, NOT_IMPLEMENTED, type SelectedMeasure, selectMeasures } from '../../metrics/trec/selection.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { jsonText } from '../terminal.ts';

interface Options {
  readonly qrels: string;
  readonly run: string;
  readonly measure?: readonly string[];
  readonly perQuery?: true;
  readonly complete?: true;
  readonly judgedOnly?: true;
  readonly level: string;
  readonly maxDocuments?: string;
  readonly summary: boolean;
  readonly json?: true;
}

/** `esci-lab metrics`: trec_eval on judgements and a run, with its letters, its print format and its numbers. */
export function metricsCommand(): Command {
  const command = new Command('metrics')
    .description('evaluate a TREC run against TREC judgements, as trec_eval 9.0.8 does')
    .requiredOption('--qrels <file>', 'judgements: lines of `query 0 document relevance`')
    .requiredOption('--run <file>', 'ranking: lines of `query Q0 document rank score tag`')
    .option(
      '-m, --measure <measure>',
      'measure, family with cutoffs (ndcg_cut.5,10), or official (the default); may be repeated',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option('-q, --per-query', 'print each query before the summary')
    .option('-c, --complete', 'average over all queries of the judgements; one without a ranking counts as 0')
    .option('-J, --judged-only', 'drop documents without a judgement from the ranking')
    .option('-l, --level <relevance>', 'smallest relevance that counts as relevant', '1')
    .option('-M, --max-documents <n>', 'evaluate at most n documents a query')
    .option('-n, --no-summary', 'leave the summary out')
    .option('--json', 'print one JSON object');
  command.addHelpText(
    'after',
    `\nMeasures: ${Object.keys(MEASURES).join(', ')}\nSets of measures: ${Object.keys(NICKNAMES).join(', ')} (all_trec is without ${NOT_IMPLEMENTED})`,
  );
  return command.action((options: Options) => runMetrics(options, command.configureOutput()));
}

async function runMetrics(options: Options, output: OutputConfiguration): Promise<void> {
  const names = options.measure ?? ['official'];
  const measures = readMeasures(names.filter((name) => name !== 'runid'));
  const trecOptions: TrecOptions = {
    level: readCount('-l', options.level, 1),
    isComplete: options.complete ?? false,
    isJudgedOnly: options.judgedOnly ?? false,
    ...(options.maxDocuments === undefined ? {} : { maxDocuments: readCount('-M', options.maxDocuments, 1) }),
  };
  const qrels = await readTrec(options.qrels, parseQrels);
  const run = await readTrec(options.run, parseRun);
  const evaluation = evaluateTrec(qrels, run, measures, trecOptions);
  if (evaluation.queryIds.length === 0) throw noCommonQueries(options, qrels, run);
  const nMissing = qrels.size - evaluation.queryIds.length;
  if (nMissing > 0 && !options.complete) {
    output.writeErr?.(
      `${nMissing} of ${qrels.size} judged queries have no ranking and are left out (-c counts them as 0).\n`,
    );
  }
  output.writeOut?.(
    options.json
      ? `${jsonText(toJson(evaluation, options), 2)}\n`
      : printTrec(evaluation, {
          isPerQuery: options.perQuery ?? false,
          isWithoutSummary: !options.summary,
          hasTag: names.some((name) => name === 'runid' || Object.hasOwn(NICKNAMES, name)),
        }),
  );
}

function readMeasures(names: readonly string[]): SelectedMeasure[] {
  const measures = selectMeasures(names);
  if (Array.isArray(measures)) return measures;
  const meant = nearestName(measures.found.split('.')[0]!, [...Object.keys(NICKNAMES), ...Object.keys(MEASURES)]);
  throw new ProblemError({
    code: 'unknown-measure',
    message: `Found the measure ${measures.found}, expected ${measures.expected}.`,
    where: '-m',
    ...(meant === undefined || meant === measures.found.split('.')[0] ? {} : { next: `Did you mean ${meant}?` }),
  });
}

function readCount(where: string, text: string, least: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least) return value;
  throw new ProblemError({
    code: 'bad-option',
    message: `Found ${text}, expected a whole number of at least ${least}.`,
    where,
  });
}

async function readTrec<T>(file: string, parse: (text: string) => Parsed<T>): Promise<T> {
  const parsed = parse(await readText(file));
  if ('value' in parsed) return parsed.value;
  const [first, ...others] = parsed.problems;
  throw new ProblemError({
    code: 'trec-line',
    message: `Found "${first!.found}", expected ${first!.expected}.`,
    where: `${file}:${first!.line}`,
    ...(others.length === 0 ? {} : { next: `Also wrong: line ${others.map((problem) => problem.line).join(', ')}.` }),
  });
}

/** Bytes of a TREC file: runs of thousands of queries have some tens of megabytes, and a device never ends. */
const MAX_FILE_BYTES = 2 ** 28;

async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ProblemError(
      { code: 'not-utf8', message: 'Found bytes that are not UTF-8, expected a text file in UTF-8.', where: file },
      { cause: error },
    );
  }
}

/** The bytes of a file, or of a pipe, which has no size to ask for. */
async function readBytes(file: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let nBytes = 0;
  try {
    for await (const part of createReadStream(file) as AsyncIterable<Buffer>) {
      parts.push(part);
      nBytes += part.length;
      if (nBytes <= MAX_FILE_BYTES) continue;
      const message = `Found more than ${MAX_FILE_BYTES / 2 ** 20} MB; expected a TREC file of fewer.`;
      throw new ProblemError({ code: 'file-too-large', message, where: file, next: 'Split it by queries.' });
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const code = errorCode(error) || 'unknown error';
    const message = code === 'ENOENT' ? 'Found no such file.' : `The file could not be read (${code}).`;
    throw new ProblemError({ code: 'file-unreadable', message, where: file }, { cause: error });
  }
  return Buffer.concat(parts);
}

function noCommonQueries(options: Options, qrels: Qrels, run: TrecRun): ProblemError {
  const describe = (ids: Iterable<string>, n: number) => (n === 0 ? 'none' : `${n}, such as ${[...ids][0]!}`);
  return new ProblemError({
    code: 'no-common-queries',
    message: `Found no query in both files: queries judged: ${describe(qrels.keys(), qrels.size)}; queries ranked: ${describe(run.rankings.keys(), run.rankings.size)}.`,
    where: `${options.qrels}, ${options.run}`,
    next: 'Check that both files use the same query ids.',
  });
}

function toJson(evaluation: TrecEvaluation, options: Options): object {
  const { tag, queryIds, columns } = evaluation;
  return {
    run: tag,
    ...(options.summary ? { summary: Object.fromEntries(columns.map(({ name, summary }) => [name, summary])) } : {}),
    ...(options.perQuery
      ? {
          queries: queryIds.map((id, query) => ({
            id,
            values: Object.fromEntries(
              columns.filter(({ family }) => family.isPerQuery).map(({ name, values }) => [name, values[query]]),
            ),
          })),
        }
      : {}),
  };
}
