/** What the editor does to a panel's page before its script runs: its API, its theme, its messages. As text, because tests have no DOM types. */
export function pageScript(
  { bodyClass, variables }: { readonly bodyClass: string; readonly variables: Readonly<Record<string, string>> },
  state: unknown,
): string {
  return `
    globalThis.__state = ${state === undefined ? 'undefined' : JSON.stringify(state)};
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => __toHost(JSON.stringify(message, (key, value) => {
        if (!(value instanceof Uint8Array)) return value;
        let text = '';
        for (const byte of value) text += String.fromCharCode(byte);
        return { $u8: btoa(text) };
      })),
      getState: () => globalThis.__state,
      setState: (state) => { globalThis.__state = structuredClone(state); },
    });
    globalThis.__fromHost = (text) => window.postMessage(JSON.parse(text, (key, value) =>
      typeof value?.$f64 === 'string' ? new Float64Array(Uint8Array.from(atob(value.$f64), (c) => c.charCodeAt(0)).buffer) : value), '*');
    const applyTheme = (theme) => {
      const style = document.documentElement.style;
      style.setProperty('--vscode-font-family', '"DejaVu Sans", sans-serif');
      style.setProperty('--vscode-font-size', '13px');
      style.setProperty('--vscode-editor-font-family', '"DejaVu Sans Mono", monospace');
      style.setProperty('--vscode-editor-font-size', '12px');
      for (const [name, value] of Object.entries(theme.variables)) style.setProperty('--vscode-' + name, value);
      document.body.className = theme.bodyClass;
      document.body.dataset.vscodeThemeKind = theme.bodyClass.split(' ').at(-1);
    };
    globalThis.__setTheme = applyTheme;
    new MutationObserver((_, observer) => {
      if (document.body === null) return;
      observer.disconnect();
      applyTheme(${JSON.stringify({ bodyClass, variables })});
    }).observe(document, { childList: true, subtree: true });
    document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber + ':' + e.columnNumber + ' ' + e.sample + ' ' + e.target?.outerHTML?.slice(0, 200)));
  `;
}
