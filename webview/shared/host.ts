/** The panel's connection to the editor. */
import { batch, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Port } from '../../src/protocol/rpc.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const vscode = acquireVsCodeApi();

/** Messages to and from the extension. */
export const hostPort: Port = {
  post: (message) => vscode.postMessage(message),
  listen(listener) {
    const onMessage = (event: MessageEvent<unknown>) => listener(event.data);
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  },
};

/** What the editor keeps for this panel while it is hidden and across reloads. */
export interface KeptState<S> {
  /** All of it as it is now; a component that reads it is not drawn again when it changes. */
  readonly value: S;
  /** Its fields one by one, for components to follow. */
  readonly fields: { readonly [K in keyof S]: ReadonlySignal<S[K]> };
  /** Changes some fields; written a moment later, once. */
  change(changes: Partial<S>): void;
}

/** The kept state over its defaults. The host's part of it (what to open after a reload) comes from the page. */
export function keptState<S extends object>(defaults: S): KeptState<S> {
  const identity = JSON.parse(document.body.dataset['identity'] ?? '{}') as object;
  const kept = vscode.getState();
  let value: S = { ...defaults, ...(typeof kept === 'object' ? kept : {}), ...identity };
  const names = Object.keys(value) as (keyof S)[];
  const fields = Object.fromEntries(names.map((name) => [name, signal(value[name])])) as {
    readonly [K in keyof S]: Signal<S[K]>;
  };
  let isWaiting = false;
  vscode.setState(value);
  return {
    get value() {
      return value;
    },
    fields,
    change(changes) {
      value = { ...value, ...changes };
      batch(() => {
        for (const name of names) fields[name].value = value[name];
      });
      if (isWaiting) return;
      isWaiting = true;
      setTimeout(() => {
        isWaiting = false;
        vscode.setState(value);
      }, 100);
    },
  };
}
