/** Colours of the editor's theme for what CSS does not reach: canvases and exported images. */
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

/** The theme as it is now. */
export function readTheme(): Theme {
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

/** Calls back after the editor's theme changed. VS Code changes the body's class and the root's variables. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
