/** A text document as the editor keeps one: text, undo, and word of every change. */
import { applyEdits } from '../../src/config/edit/text-edit.ts';
import { NO_FACTS_FROM_RUNS } from '../../src/config/check/run-facts.ts';
import type { FormDocument } from '../../src/host/form/serve-form.ts';
import type { FormCommand } from '../../src/protocol/panels/form-data.ts';

/** Runs that can be a baseline. */
export const BASELINES = [
  { id: '20260102-030405-second-d4e5f6', name: 'second' },
  { id: '20260101-030405-first-a1b2c3', name: 'first' },
];

export interface OpenDocument extends FormDocument {
  /** Changes the text from outside. */
  write(text: string): void;
  /** Takes the last change back. */
  undo(): void;
  /** The text as it was saved, each time. */
  readonly saved: string[];
  readonly revealed: number[];
  readonly ran: FormCommand[];
}

export function formDocument(first: string): OpenDocument {
  const texts = [first];
  const listeners = new Set<() => void>();
  const [saved, revealed, ran]: [string[], number[], FormCommand[]] = [[], [], []];
  const notify = () => listeners.forEach((listener) => listener());
  const write = (text: string) => {
    texts.push(text);
    notify();
  };
  return {
    fileName: '/experiments/model_config.yml',
    name: 'model_config',
    getText: () => texts.at(-1)!,
    apply(edits) {
      write(applyEdits(texts.at(-1)!, edits));
      return Promise.resolve();
    },
    known: () => Promise.resolve({ ...NO_FACTS_FROM_RUNS, baselines: BASELINES }),
    onDidChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    save: () => Promise.resolve(void saved.push(texts.at(-1)!)),
    reveal: (line) => Promise.resolve(void revealed.push(line)),
    run: (command) => Promise.resolve(void ran.push(command)),
    write,
    undo() {
      if (texts.length > 1) texts.pop();
      notify();
    },
    saved,
    revealed,
    ran,
  };
}
