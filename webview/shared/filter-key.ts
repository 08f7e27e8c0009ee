/** Has `/` put the keyboard into the panel's filter, unless something is being typed. */
export function onFilterKey(focusFilter: () => void): void {
  addEventListener('keydown', (event) => {
    const isTyping = (event.target as HTMLElement).closest('input, textarea, vscode-text-field') !== null;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focusFilter();
  });
}
