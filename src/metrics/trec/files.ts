/** Judgements: query id → document id → relevance, in file order. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A run: query id → documents with their scores, in file order. */
export interface TrecRun {
  /** The tag of the last line, as trec_eval reports it. */
  readonly tag: string;
  readonly rankings: ReadonlyMap<string, { readonly ids: readonly string[]; readonly scores: readonly number[] }>;
}

/** A line that cannot be read. */
export interface LineProblem {
  /** 1 for the first line. */
  readonly line: number;
  readonly found: string;
  readonly expected: string;
}

export type Parsed<T> = { readonly value: T } | { readonly problems: readonly LineProblem[] };

/** At most so many problems of a file are reported. */
const MAX_PROBLEMS = 20;
/** Characters of a line: ids and numbers are short, and a file without line ends is none of these. */
const MAX_LINE = 1 << 16;

const QRELS_LINE = 'query id, iteration, document id, relevance (a whole number), separated by blanks';
const RUN_LINE = 'query id, Q0, document id, rank, score (a number), tag, separated by blanks';

/** Reads qrels (`qid 0 docid rel`). Blank lines and lines that begin with # are skipped; the iteration is ignored. */
export function parseQrels(text: string): Parsed<Qrels> {
  const qrels = new Map<string, Map<string, number>>();
  const problems = eachLine(text, (fields) => {
    const [queryId, , documentId, relevance] = fields;
    if (fields.length !== 4 || !/^[-+]?\d{1,9}$/.test(relevance!)) return QRELS_LINE;
    const judgements = qrels.get(queryId!) ?? new Map<string, number>();
    qrels.set(queryId!, judgements);
    if (judgements.has(documentId!)) return 'each document judged once for a query';
    judgements.set(documentId!, Number(relevance));
    return undefined;
  });
  return problems.length > 0 ? { problems } : { value: qrels };
}

/**
 * Reads a run (`qid Q0 docid rank score tag`). The rank is ignored: the order comes from the scores. Blank lines, lines that
 * begin with # and fields after the tag are skipped.
 */
export function parseRun(text: string): Parsed<TrecRun> {
  const rankings = new Map<string, { ids: string[]; scores: number[]; seen: Set<string> }>();
  let tag = '';
  const problems = eachLine(text, (fields) => {
    const [queryId, , documentId, , score] = fields;
    if (fields.length < 6 || !isNumber(score!)) return RUN_LINE;
    const ranking = rankings.get(queryId!) ?? { ids: [], scores: [], seen: new Set() };
    rankings.set(queryId!, ranking);
    if (ranking.seen.has(documentId!)) return 'each document once for a query';
    ranking.seen.add(documentId!);
    ranking.ids.push(documentId!);
    ranking.scores.push(toNumber(score!));
    tag = fields[5]!;
    return undefined;
  });
  return problems.length > 0 ? { problems } : { value: { tag, rankings } };
}

/** Calls `read` with the fields of each line; `read` says what it expected when they are wrong. */
function eachLine(text: string, read: (fields: readonly string[]) => string | undefined): LineProblem[] {
  const problems: LineProblem[] = [];
  let line = 0;
  for (let start = 0; start < text.length && problems.length < MAX_PROBLEMS;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(start, Math.min(end, start + MAX_LINE));
    const isLong = end - start > MAX_LINE;
    start = end + 1;
    line++;
    if (isLong) {
      problems.push({ line, found: shorten(content), expected: `a line of at most ${MAX_LINE} characters` });
      continue;
    }
    // The blanks of C's isspace, and no others: a document id may hold a no-break space.
    const fields = content.split(/[ \t\v\f\r]+/).filter((field) => field !== '');
    if (fields.length === 0 || content.startsWith('#')) continue;
    const expected = read(fields);
    if (expected !== undefined) problems.push({ line, found: shorten(content.trim()), expected });
  }
  return problems;
}

const INFINITE = /^[-+]?inf(inity)?$/i;

function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || INFINITE.test(text);
}

function toNumber(text: string): number {
  if (!INFINITE.test(text)) return Number(text);
  return text.startsWith('-') ? -Infinity : Infinity;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
