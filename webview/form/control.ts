import type { FieldState, FormField } from '../../src/protocol/panels/form-data.ts';

/** Changes that a person makes by a control: a value as it is typed, or that the default is to apply again. */
export interface ControlEvents {
  readonly set: (value: string) => void;
  readonly reset: () => void;
  readonly addItem: (value: string) => void;
  readonly removeItem: (index: number) => void;
  readonly moveItem: (from: number, to: number) => void;
}

/** What a control of an option needs; it shows the text's value, and keeps what is being typed. */
export interface ControlProps {
  readonly field: FormField;
  /** What readers say. */
  readonly label: string;
  readonly state: FieldState;
  readonly isLocked: boolean;
  readonly events: ControlEvents;
}
