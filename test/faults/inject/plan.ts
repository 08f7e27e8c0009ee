/** What `preload.mjs` is told in the environment. */

/** Parts of a run that a call writes to, by its path. */
export type Part = 'checkpoint' | 'model' | 'rankings' | 'artifacts' | 'record' | 'events';

/** When in the n-th call that writes to a part, 1 for the first. `half`: with the first half of the bytes written. */
export interface Moment {
  readonly part: Part;
  /** Only calls that write bytes with this text in them count. */
  readonly holding?: string;
  readonly n: number;
  readonly when: 'before' | 'half' | 'after';
}

/** What happens at the moment. */
export type Action =
  /** SIGKILL. */
  | { readonly kind: 'kill' }
  /** What was not synced is lost, then SIGKILL: files are cut, renames undone whose folder was not synced. */
  | { readonly kind: 'cut-power'; readonly keptShare: number }
  /** The call fails; with `lasts`, so does every later one that writes. */
  | { readonly kind: 'error'; readonly code: string; readonly lasts: boolean }
  /** The file system of `file` is filled by that file, but for some bytes. */
  | { readonly kind: 'fill'; readonly file: string; readonly leftBytes: number }
  | { readonly kind: 'remove-run' }
  | { readonly kind: 'move-run'; readonly to: string }
  /** A file gets a text. */
  | { readonly kind: 'write'; readonly file: string; readonly text: string };

export interface Plan {
  readonly runDir: string;
  /** Folder that `artifacts_path` means. */
  readonly artifacts: string;
  /** Written when the fault happens: what the call was. At the end of a process without a moment: calls by part. */
  readonly out: string;
  readonly moment?: Moment;
  readonly action?: Action;
}
