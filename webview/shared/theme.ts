/** Colours of the editor's theme for what CSS does not reach: canvases and exported images. */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { CHART_COLOURS } from './chart-colours.ts';

export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly grid: string;
  readonly font: string;
  readonly charts: readonly string[];
}

function variable(style: CSSStyleDeclaration, name: string, fallback: string): string {
  const value = style.getPropertyValue(name).trim();
  return value === '' ? fallback : value;
}

function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const foreground = variable(style, '--vscode-foreground', style.color);
  return {
    foreground,
    muted: variable(style, '--vscode-descriptionForeground', foreground),
    background: variable(style, '--vscode-editor-background', style.backgroundColor),
    grid: variable(style, '--lab-grid', foreground),
    font: `11px ${variable(style, '--vscode-font-family', 'sans-serif')}`,
    charts: CHART_COLOURS.map((name) => variable(style, `--vscode-esciLab-chart${name}`, foreground)),
  };
}

/** The editor's theme, as it changes: VS Code sets the body's class and the root's variables. */
export function followTheme(): ReadonlySignal<Theme> {
  const theme = signal(readTheme());
  const observer = new MutationObserver(() => {
    const now = readTheme();
    if (JSON.stringify(now) !== JSON.stringify(theme.peek())) theme.value = now;
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return theme;
}
