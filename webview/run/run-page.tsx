import type { ReadonlySignal } from '@preact/signals';
import type { Problem } from '../../src/vocabulary/problem.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import type { RunDataCalls } from '../../src/protocol/panels/run-data.ts';
import type { Caller } from '../../src/protocol/rpc.ts';
import { Tooltip } from '../shared/components/tooltip.tsx';
import type { KeptState } from '../shared/host.ts';
import { Island } from '../shared/island.tsx';
import type { Theme } from '../shared/theme.ts';
import { Charts } from './charts.tsx';
import { Head } from './head.tsx';
import { Info } from './info.tsx';
import { Notices } from './notices.tsx';
import type { RunSnapshot } from './run-snapshot.ts';
import type { RunPanelState } from './state.ts';
import { TestTable } from './test-table.tsx';

export interface RunPageProps {
  readonly shown: ReadonlySignal<RunSnapshot>;
  /** What went wrong in the panel itself. */
  readonly problem: ReadonlySignal<Problem | undefined>;
  readonly theme: ReadonlySignal<Theme>;
  readonly state: KeptState<RunPanelState>;
  readonly data: Caller<RunDataCalls>;
  /** The table of queries, which is made by hand. */
  readonly queries: HTMLElement;
  readonly act: (action: RunAction, runId?: string) => void;
  readonly save: (name: string, content: string | Uint8Array) => void;
}

/** Everything about a run, from its headline to its log. */
export function RunPage({ shown: { value: run }, problem, theme, state, data, queries, act, save }: RunPageProps) {
  return (
    <>
      <main>
        <Head run={run} act={act} />
        <Notices run={run} problem={problem.value} act={act} />
        <Charts run={run} state={state} theme={theme} save={save} />
        <TestTable run={run} />
        <Island element={queries} />
        <Info run={run} state={state} data={data} act={act} />
      </main>
      <Tooltip />
    </>
  );
}

/** Grey shapes where the page is about to be. */
export function Loading() {
  return (
    <div class="loading" aria-busy="true" aria-label="Loading the run">
      {Array.from({ length: 5 }, (_, i) => (
        <div key={i} class="skeleton" />
      ))}
    </div>
  );
}
