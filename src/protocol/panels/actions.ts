/** What a panel asks the editor to do; served by the host itself. */
import { flag, list, nonEmptyText, object, oneOf, optional } from '../../vocabulary/check.ts';
import type { Check, Infer } from '../../vocabulary/check.ts';
import { contract, nothing } from '../rpc.ts';
import type { CallsOf } from '../rpc.ts';
import { runId } from '../run-id.ts';

/** What can be done with a run from a panel. */
export const RUN_ACTIONS = [
  'stop',
  'resume',
  'startAgain',
  'rename',
  'compare',
  'setBaseline',
  'openRun',
  'openExperiment',
  'showLog',
  'revealFolder',
  'reportProblem',
] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

const bytes: Check<Uint8Array> = (value, path) =>
  value instanceof Uint8Array ? [] : [{ path, found: typeof value, expected: 'bytes' }];

const savedFileCheck = object({ name: nonEmptyText, content: bytes });

/** A file that a panel has made. Bytes: as a text, a long run's values take the extension host longer than it may be busy. */
export type SavedFile = Infer<typeof savedFileCheck>;

const calls = {
  /** Does something with a run; without an id, with the panel's own. */
  act: { params: object({ action: oneOf(RUN_ACTIONS), runId: optional(runId) }), reply: nothing },
  /** Asks where and writes a file; `isSaved` is false when the person cancels. */
  save: { params: savedFileCheck, reply: object({ isSaved: flag }) },
  /** Opens the runs' configurations in the native diff editor. */
  diff: { params: object({ runIds: list(runId) }), reply: nothing },
};

export type PanelActionCalls = CallsOf<typeof calls>;

/** The host tells a panel nothing here; it only answers. */
export const PANEL_ACTIONS = contract('panel-actions', calls, {});
