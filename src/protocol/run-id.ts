import type { Check } from '../vocabulary/check.ts';

/**
 * Whether a text can be the id of a run, that is the name of its folder: one step of a path that is neither hidden nor leads elsewhere.
 * Runs that a person has renamed have ids of their own form, so this asks for no more.
 */
export function isRunId(text: unknown): text is string {
  return typeof text === 'string' && /^(?!\.)[^/\\\0]{1,255}$/.test(text);
}

/** The id of a run in a message or a file, before it becomes part of a path. */
export const runId: Check<string> = (value, path) => {
  if (isRunId(value)) return [];
  const found = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value;
  return [{ path, found, expected: 'the name of a run folder' }];
};
