/** Puts the keyboard on the control of an option; gives the option's element. */
export function focusField(path: string): HTMLElement | undefined {
  const field = document.querySelector<HTMLElement>(`.field[data-path=${CSS.escape(path)}]`);
  field?.querySelector<HTMLElement>('vscode-text-field, vscode-dropdown, vscode-checkbox')?.focus();
  return field ?? undefined;
}
