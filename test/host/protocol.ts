/** What the tests inside the extension host and the process outside, which holds the page, tell each other. */
import type { pageActions } from './page/page-actions.ts';

/** Suites of tests; each wants an editor in another state. */
export type SuiteName = 'workspace' | 'untrusted' | 'no-folder';

/** How a test ended. */
export interface TestResult {
  readonly name: string;
  readonly ms: number;
  /** Why it failed, with the stack; undefined when it passed. */
  readonly problem?: string;
}

/** What to run: tests of this suite whose name holds `only`. */
export interface Order {
  readonly suite: SuiteName;
  readonly only: string;
}

/** What a person does in the page, by name; asked for by tests. */
export type PageActions = ReturnType<typeof pageActions>;

/** Calls that the outer process answers. */
export interface OuterCalls {
  begin(): Order;
  report(result: TestResult): void | Promise<void>;
  /** All tests of the order have been reported. Answered only when the window is not loaded again for another suite. */
  end(): void | Promise<void>;
  act(name: string, args: readonly unknown[]): unknown;
}

/** The environment variable that tells the extension host where the outer process listens. */
export const ADDRESS = 'ESCI_LAB_HOST_TESTS';
