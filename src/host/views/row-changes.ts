import type { Disposal } from '../disposal.ts';

/** What the rows of a list are made of. */
export interface RowSource {
  /** Everything that the row with this key shows, below it too. */
  readonly textOf: (key: string) => string;
  /** Which rows there are, in which order. */
  readonly orderText: () => string;
  /** Draws these rows again; without keys, all of them. */
  readonly draw: (keys?: readonly string[]) => void;
}

/** Draws rows again only when what they show has changed: with a thousand of them all else is felt. Pure of the editor. */
export interface RowChanges extends Disposal {
  /** The list was drawn: rows are from now on those that `drew` tells of. */
  drewList(): void;
  drew(key: string): void;
  /** These rows may have changed. */
  readonly update: (keys: readonly string[]) => void;
  /** As `update`, at most once a second. */
  readonly updateProgress: (keys: readonly string[]) => void;
  /** Rows may have come, gone or moved; those with these keys have changed in any case. */
  readonly updateList: (keys: readonly string[]) => void;
}

/** A row that is drawn anew between press and release of a mouse button loses the click. */
const PROGRESS_MS = 1000;
/** More rows than this are drawn anew all at once. */
const MANY = 50;

export function openRowChanges({ textOf, orderText, draw }: RowSource): RowChanges {
  const shown = new Map<string, string>();
  let shownOrder: string | undefined;
  const waiting = new Set<string>();
  let pausing: NodeJS.Timeout | undefined;

  function update(keys: readonly string[]): void {
    const differing = keys.filter((key) => shown.has(key) && shown.get(key) !== textOf(key));
    if (differing.length > MANY) draw();
    else if (differing.length > 0) draw(differing);
  }

  function updateWaiting(): void {
    const keys = [...waiting];
    waiting.clear();
    update(keys);
    pausing = setTimeout(() => {
      pausing = undefined;
      if (waiting.size > 0) updateWaiting();
    }, PROGRESS_MS);
  }

  return {
    drewList() {
      shown.clear();
      shownOrder = orderText();
    },
    drew: (key) => void shown.set(key, textOf(key)),
    update,
    updateProgress(keys) {
      for (const key of keys) waiting.add(key);
      if (pausing === undefined) updateWaiting();
    },
    updateList(keys) {
      if (orderText() !== shownOrder) {
        draw();
        return;
      }
      for (const key of keys) if (shown.has(key)) shown.set(key, '');
      update([...shown.keys()]);
    },
    dispose: () => clearTimeout(pausing),
  };
}
