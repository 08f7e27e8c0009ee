import { changeEdits } from '../../config/edit/change-experiment.ts';
import { formSections } from '../../config/form/form-sections.ts';
import { formState } from '../../config/form/form-state.ts';
import type { FactsFromRuns } from '../../config/check/run-facts.ts';
import { parseExperiment } from '../../config/check/parse-experiment.ts';
import type { TextEdit } from '../../config/edit/text-edit.ts';
import { FORM_DATA } from '../../protocol/panels/form-data.ts';
import type { FormCalls, FormCommand, FormState } from '../../protocol/panels/form-data.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { openServer } from '../../protocol/rpc.ts';
import type { Handlers, Port } from '../../protocol/rpc.ts';

/** The text document behind a form, and what only the editor can do. */
export interface FormDocument {
  readonly fileName: string;
  /** What the experiment is called. */
  readonly name: string;
  getText(): string;
  /** Makes the edits as one step of undo, in the text as it is now. */
  apply(edits: readonly TextEdit[]): Promise<void>;
  /** What runs have told of what the experiment may name. */
  known(): Promise<FactsFromRuns>;
  /** Calls back when the text, or what is known beside it, has changed. Gives the way to end that. */
  onDidChange(listener: () => void): () => void;
  save(): Promise<void>;
  /** Shows a line, from 1, of the text. */
  reveal(line: number): Promise<void>;
  run(command: FormCommand): Promise<void>;
}

/** Serves the form of a document on a port, until disposed. The document is the only state: every change comes back as its text's. */
export function serveForm(port: Port, document: FormDocument): { dispose(): void } {
  /** Changes are made one after the other, each in the text that the one before has left. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(work: () => Promise<void>): Promise<Record<string, never>> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done.then(() => ({}));
  }

  async function read(): Promise<FormState> {
    const known = await document.known();
    return formState(document.getText(), document.fileName, known);
  }

  const handlers: Handlers<FormCalls> = {
    open: async () => ({ name: document.name, sections: formSections(), state: await read() }),
    change: (change) =>
      inTurn(async () => {
        const edits = changeEdits(document.getText(), change);
        if (edits.length > 0) await document.apply(edits);
      }),
    fix: (wanted) => inTurn(async () => document.apply([fixOf(await problems(), wanted)])),
    save: () => inTurn(() => document.save()),
    async reveal({ line }) {
      await document.reveal(line);
      return {};
    },
    async run({ command }) {
      // What was changed before is part of what runs.
      await last;
      await document.run(command);
      return {};
    },
  };
  const server = openServer(port, FORM_DATA, handlers);

  async function problems() {
    return parseExperiment(document.getText(), document.fileName, await document.known()).problems;
  }

  let nChanges = 0;
  const stop = document.onDidChange(() => {
    const change = ++nChanges;
    void read().then((state) => change === nChanges && server.notify('state', state));
  });

  return {
    dispose() {
      stop();
      server.dispose();
    },
  };
}

function fixOf(
  problems: Awaited<ReturnType<typeof parseExperiment>>['problems'],
  wanted: { line: number; title: string },
) {
  const found = problems.find(({ line, fix }) => line === wanted.line && fix?.title === wanted.title)?.fix;
  if (found !== undefined) return found;
  throw new ProblemError({ code: 'no-fix', message: 'This problem is not in the text any more.' });
}
