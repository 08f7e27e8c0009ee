/** `annotation.json`: what a person says about a run. Written by host and CLI, never by a trainer. */
import { checked, flag, list, object, optional, text } from '../vocabulary/check.ts';
import type { Checked, Infer } from '../vocabulary/check.ts';

const runAnnotationCheck = object({
  /** Shown instead of the experiment's name. */
  title: optional(text),
  tags: list(text),
  note: text,
  /** Whether the deltas of the other runs refer to this one; at most one run of a folder. */
  isBaseline: flag,
});

/** The content of `annotation.json`. */
export type RunAnnotation = Infer<typeof runAnnotationCheck>;

/** Checks the content of `annotation.json`, parsed. */
export function checkRunAnnotation(value: unknown): Checked<RunAnnotation> {
  return checked(runAnnotationCheck, value);
}

/** The annotation of a run about which nobody said anything. */
export const NO_ANNOTATION: RunAnnotation = { tags: [], note: '', isBaseline: false };
