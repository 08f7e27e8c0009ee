import { nonEmptyText, object, optional, text } from './check.ts';
import type { Infer } from './check.ts';

export const problemCheck = object({
  /** Stable identifier, for example `loss-not-finite`. */
  code: nonEmptyText,
  /** One or two sentences: what was found and what was expected. */
  message: text,
  /** File, line, column, step or parameter. */
  where: optional(text),
  /** What the person can do next. */
  next: optional(text),
});

/** A failure in words: what was found, what was expected, where, what to do next. */
export type Problem = Infer<typeof problemCheck>;

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

/** The problem as one to three lines of plain text. */
export function formatProblem(problem: Problem): string {
  return [
    problem.where === undefined ? problem.message : `${problem.where}: ${problem.message}`,
    ...(problem.next === undefined ? [] : [problem.next]),
  ].join('\n');
}
