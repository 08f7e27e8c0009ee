/** What a panel asks the editor to do; served by the host itself. */
import { flag, list, nonEmptyText, object, objectWith, oneOf, optional } from '../../vocabulary/check.ts';
import type { Check } from '../../vocabulary/check.ts';
import type { Contract } from '../rpc.ts';
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
] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** The host tells a panel nothing here; it only answers. */
type NoNotices = Readonly<Record<string, never>>;

/** A file that a panel has made. Bytes: as a text, a long run's values take the extension host longer than it may be busy. */
export interface SavedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

export interface PanelActionCalls {
  /** Does something with a run; without an id, with the panel's own. */
  act(params: { readonly action: RunAction; readonly runId?: string }): Record<string, never>;
  /** Asks where and writes a file; `isSaved` is false when the person cancels. */
  save(params: SavedFile): { readonly isSaved: boolean };
  /** Opens the runs' configurations in the native diff editor. */
  diff(params: { readonly runIds: readonly string[] }): Record<string, never>;
}

const content: Check = (value, path) =>
  value instanceof Uint8Array ? [] : [{ path, found: typeof value, expected: 'bytes' }];

const nothing = objectWith({});

export const PANEL_ACTIONS: Contract<PanelActionCalls, NoNotices> = {
  api: 'panel-actions',
  calls: {
    act: {
      params: object<{ action: RunAction; runId?: string }>({
        action: oneOf(RUN_ACTIONS),
        runId: optional(runId),
      }),
      reply: nothing,
    },
    save: {
      params: object<SavedFile>({ name: nonEmptyText, content }),
      reply: object<{ isSaved: boolean }>({ isSaved: flag }),
    },
    diff: { params: object<{ runIds: string[] }>({ runIds: list(runId) }), reply: nothing },
  },
  notices: {},
};
