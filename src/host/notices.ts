/** Notifications: the one way to them, because the editor finds links in their texts. */
import { window } from 'vscode';
import { plainNotice } from './plain-text.ts';

/** Shows a text with buttons; gives the one that was pressed. */
type Notice = (text: string, ...buttons: string[]) => Thenable<string | undefined>;

export const notices = {
  info: (text, ...buttons) => window.showInformationMessage(plainNotice(text), ...buttons),
  warn: (text, ...buttons) => window.showWarningMessage(plainNotice(text), ...buttons),
  error: (text, ...buttons) => window.showErrorMessage(plainNotice(text), ...buttons),
  /** Asks in a dialog that has to be answered. */
  ask: (text, ...buttons) => window.showWarningMessage(plainNotice(text), { modal: true }, ...buttons),
} satisfies Record<string, Notice>;
