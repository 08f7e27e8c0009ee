import type { LogOutputChannel, Memento } from 'vscode';
import type { Experiments } from './experiments/experiments.ts';
import type { ReportDocuments } from './report-documents.ts';
import type { LiveRuns } from './runs/live-runs.ts';
import type { Trainers } from './trainers/trainers.ts';
import type { RunOrderMemory } from './views/run-order-memory.ts';

/** Panels that show runs in an editor tab. */
export interface Panels {
  /** `keepsFocus`: what has the keyboard now keeps it. */
  openRun(runDir: string, keepsFocus?: boolean): void | Promise<void>;
  /** At least two runs. */
  compareRuns(runDirs: readonly string[]): void | Promise<void>;
}

/** What commands and views work with; wired by hand in extension.ts. */
export interface Lab {
  readonly runs: LiveRuns;
  readonly experiments: Experiments;
  readonly trainers: Trainers;
  readonly panels: Panels;
  readonly reports: ReportDocuments;
  readonly order: RunOrderMemory;
  /** Folders of the runs that are selected in the tree; key bindings are about these. */
  readonly selectedRunDirs: () => readonly string[];
  readonly log: LogOutputChannel;
  /** `publisher.name` of the extension. */
  readonly extensionId: string;
  /** Of the extension. */
  readonly version: string;
  /** Absolute path of the extension's folder. */
  readonly extensionPath: string;
  /** Of this workspace. */
  readonly memory: Memento;
}
