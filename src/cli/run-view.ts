/** How a run is watched: a status line on a screen, plain lines on a pipe, or JSON for programs. */
import type { RunEvent } from '../protocol/events.ts';
import type { RunState } from '../protocol/run-state.ts';
import { eventLine } from './format/format-event.ts';
import { plainStatus, statusLine } from './format/format-status.ts';
import { outJsonLine } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface RunView {
  /** Shows new events; `state` is the run's after them. */
  show(events: readonly RunEvent[], state: RunState): void;
  /** A line of the program's own that stays. */
  note(line: string): void;
  /** Takes the status line away. */
  close(): void;
}

/** Shortest time between two status lines on a pipe. */
const PLAIN_EVERY_MS = 5000;

/** The view that suits the terminal. */
export function openRunView(terminal: Terminal, isJson: boolean): RunView {
  if (isJson) return jsonView(terminal);
  return terminal.isScreen ? screenView(terminal) : plainView(terminal);
}

function screenView(terminal: Terminal): RunView {
  const { paint } = terminal;
  let drawn = '';
  let latest: RunState | undefined;

  function stay(lines: readonly string[]): void {
    if (lines.length > 0) drawn = '';
    for (const line of lines) terminal.redraw(`${line}\n`);
  }
  function draw(): void {
    if (latest === undefined) return;
    // The last column stays empty: some terminals wrap when it is written.
    const line = statusLine(latest, terminal.width() - 1, paint);
    if (line !== drawn) terminal.redraw(line);
    drawn = line;
  }
  return {
    show(events, state) {
      latest = state;
      stay(events.flatMap((event) => eventLine(event, state, paint) ?? []));
      draw();
    },
    note(line) {
      stay([line]);
      draw();
    },
    close() {
      if (drawn !== '') terminal.redraw('');
      drawn = '';
      latest = undefined;
    },
  };
}

function plainView(terminal: Terminal): RunView {
  let saidAt = -Infinity;
  let saidPhase: string | undefined;
  let said: string | undefined;
  return {
    show(events, state) {
      const lines = events.flatMap((event) => eventLine(event, state, terminal.paint) ?? []);
      const now = performance.now();
      const isNewPhase = state.phase !== saidPhase;
      if (isNewPhase || now - saidAt >= PLAIN_EVERY_MS) {
        const status = plainStatus(state);
        if (status !== undefined && status !== said) {
          lines.push(status);
          [said, saidAt, saidPhase] = [status, now, state.phase];
        }
      }
      terminal.out(lines.map((line) => `${line}\n`).join(''));
    },
    note: (line) => terminal.out(`${line}\n`),
    close: () => undefined,
  };
}

function jsonView(terminal: Terminal): RunView {
  return {
    show(events) {
      for (const event of events) outJsonLine(terminal, event);
    },
    // A reader of JSON gets events only; a person beside it still sees what was done.
    note: (line) => terminal.err(`${line}\n`),
    close: () => undefined,
  };
}
