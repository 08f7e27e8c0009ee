import type { MessagePort } from 'node:worker_threads';
import { isExperimentText, parseExperiment } from '../../config/check/parse-experiment.ts';
import { MAX_BYTES } from '../../config/yaml/limits.ts';
import { readProblem } from '../../files/os-problem.ts';
import { readFileUpTo } from '../../files/read-text.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { summariseExperiment } from './experiment-summary.ts';
import type { ExperimentReads, ReadCall, ReadKind, ReadReply } from './read-calls.ts';

/** What each kind of call gives, from a file's text. */
export type TextReaders = { readonly [K in ReadKind]: (text: string) => ExperimentReads[K] };

export const TEXT_READERS: TextReaders = {
  summary: (text) => (isExperimentText(text) ? summariseExperiment(text) : undefined),
  dataOptions(text) {
    const parsed = parseExperiment(text, '');
    return 'experiment' in parsed ? JSON.stringify(parsed.experiment.data) : undefined;
  },
};

/** Answers calls in a worker thread, and says first that it is ready for them. */
export function serveReads(port: MessagePort, readers: TextReaders): void {
  const reply = (message: ReadReply): void => port.postMessage(message);
  port.on('message', ({ kind, path }: ReadCall) => {
    readFileUpTo(path, MAX_BYTES + 1)
      .then((text) => reply({ type: 'value', value: readers[kind](text) }))
      .catch((error: unknown) => reply({ type: 'problem', message: reasonOf(readProblem(error, path)) }));
  });
  reply({ type: 'ready' });
}

/** What a person reads: the problem's own words, without the place, which the caller knows. */
function reasonOf(error: unknown): string {
  return error instanceof ProblemError ? error.problem.message : String(error);
}
