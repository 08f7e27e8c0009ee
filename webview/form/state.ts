/** What the form remembers while it is hidden and across reloads. */
export interface FormPanelState {
  /** The document; given by the host. */
  readonly uri: string;
  readonly filter: string;
  /** Whether only options are shown that the file sets, and those with a problem. */
  readonly isOnlySet: boolean;
  /** Paths of the sections that are closed. */
  readonly closed: readonly string[];
  readonly scrollTop: number;
}

export const DEFAULT_FORM_STATE: FormPanelState = { uri: '', filter: '', isOnlySet: false, closed: [], scrollTop: 0 };
