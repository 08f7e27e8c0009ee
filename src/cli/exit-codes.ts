/** Exit codes of `esci-lab`, the same for all commands. */
export const EXIT = { done: 0, bug: 1, problem: 2, stopped: 3, crashed: 4, usage: 64 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, for --help and the README. */
const EXIT_MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  bug: 'a bug in esci-lab',
  problem: 'an expected failure: invalid input, no such run, a run that failed',
  stopped: 'the run was stopped before its end and can be resumed, or was left while it goes on',
  crashed: 'the trainer’s process died; the run can be resumed',
  usage: 'wrong use of the command line',
};

/** The table of exit codes as lines of text. */
export function describeExitCodes(): string {
  const codes = Object.keys(EXIT) as (keyof typeof EXIT)[];
  return codes.map((name) => `  ${String(EXIT[name]).padStart(2)}  ${EXIT_MEANING[name]}`).join('\n');
}
