import { nonEmptyText, object, optional, text } from './check.ts';

/** A failure in words: what was found, what was expected, where, what to do next. */
export interface Problem {
  /** Stable identifier, for example `loss-not-finite`. */
  readonly code: string;
  /** One or two sentences: what was found and what was expected. */
  readonly message: string;
  /** File, line, column, step or parameter. */
  readonly where?: string;
  /** What the person can do next. */
  readonly next?: string;
}

/**
 * An expected failure (bad input, no such model, disk full, a loss that is not finite): says what was found, what was
 * expected, where, and the next step. Caught once per process border; everything else is a bug and throws plainly.
 */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(formatProblem(problem), options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export const problemCheck = object<Problem>({
  code: nonEmptyText,
  message: text,
  where: optional(text),
  next: optional(text),
});

/** The problem as one to three lines of plain text. */
export function formatProblem(problem: Problem): string {
  return [
    problem.where === undefined ? problem.message : `${problem.where}: ${problem.message}`,
    ...(problem.next === undefined ? [] : [problem.next]),
  ].join('\n');
}
