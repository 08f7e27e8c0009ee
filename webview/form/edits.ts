import type { FormChange } from '../../src/protocol/panels/form-change.ts';

/** What the parts of the form ask for. */
export interface Edits {
  /** Rejects, with the reason, where the text gives no place for the change. */
  readonly change: (change: FormChange) => Promise<void>;
  readonly fix: (problem: { readonly line: number; readonly title: string }) => void;
  readonly reveal: (line: number) => void;
  /** Shows why something failed that has no field of its own. */
  readonly report: (error: unknown) => void;
}
