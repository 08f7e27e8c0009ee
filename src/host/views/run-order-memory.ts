import { commands, EventEmitter } from 'vscode';
import type { Event, Memento } from 'vscode';
import { DEFAULT_ORDER } from './run-order.ts';
import type { RunOrder } from './run-order.ts';

const KEY = 'esciLab.runOrder';

/** How a person wants to see the runs, remembered with the workspace. */
export interface RunOrderMemory {
  readonly order: RunOrder;
  change(changes: Partial<RunOrder>): void;
  readonly onDidChange: Event<void>;
}

/** Opens the memory; the context key `esciLab.hasFilter` follows it. */
export function openRunOrderMemory(memory: Memento): RunOrderMemory {
  const changed = new EventEmitter<void>();
  let order: RunOrder = { ...DEFAULT_ORDER, ...memory.get<Partial<RunOrder>>(KEY) };
  const setFilterKey = () => commands.executeCommand('setContext', 'esciLab.hasFilter', order.filter !== '');
  void setFilterKey();
  return {
    get order() {
      return order;
    },
    change(changes) {
      order = { ...order, ...changes };
      void memory.update(KEY, order);
      void setFilterKey();
      changed.fire();
    },
    onDidChange: changed.event,
  };
}
