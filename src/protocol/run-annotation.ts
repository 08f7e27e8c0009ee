/** `annotation.json`: what a person says about a run. Written by host and CLI, never by a trainer. */
export interface RunAnnotation {
  /** Shown instead of the experiment's name. */
  readonly title?: string;
  readonly tags: readonly string[];
  readonly note: string;
  /** Whether the deltas of the other runs refer to this one; at most one run of a folder. */
  readonly isBaseline: boolean;
}

/** The annotation of a run about which nobody said anything. */
export const NO_ANNOTATION: RunAnnotation = { tags: [], note: '', isBaseline: false };
