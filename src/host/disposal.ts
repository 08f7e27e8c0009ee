/** Something with an end. VS Code's own `Disposable` is a class; this is what it asks for. */
export interface Disposal {
  dispose(): void;
}

/** One end for all: in reverse order, so that what was built last goes first. */
export function disposeAll(items: readonly { dispose(): unknown }[]): Disposal {
  return {
    dispose() {
      for (const item of items.toReversed()) item.dispose();
    },
  };
}
