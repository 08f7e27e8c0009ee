/** The controls, from the one archived toolkit that we may have to exchange: nothing else imports it. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeTag,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { dress, icon } from './dom.ts';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
  vsCodeTag(),
  vsCodeTextField(),
);

export interface ButtonProps {
  readonly label: string;
  /** Codicon; without `isIconOnly` it stands before the label. */
  readonly icon?: string;
  readonly isIconOnly?: boolean;
  readonly isSecondary?: boolean;
  readonly onClick: () => void;
}

/** A push button. */
export function button({
  label,
  icon: name,
  isIconOnly = false,
  isSecondary = false,
  onClick,
}: ButtonProps): HTMLElement {
  const element = document.createElement('vscode-button');
  dress(element, {
    attrs: {
      appearance: isIconOnly ? 'icon' : isSecondary ? 'secondary' : 'primary',
      ...(isIconOnly ? { 'aria-label': label, title: label } : {}),
    },
    on: { click: onClick },
  });
  const glyph = name === undefined ? undefined : icon(name);
  if (glyph !== undefined && !isIconOnly) glyph.slot = 'start';
  element.append(...(glyph === undefined ? [] : [glyph]), ...(isIconOnly ? [] : [label]));
  return element;
}

/** A search field; `onInput` hears of every change. */
export function searchField(
  label: string,
  placeholder: string,
  onInput: (text: string) => void,
): HTMLElement & { value: string } {
  const element = document.createElement('vscode-text-field') as HTMLElement & { value: string };
  dress(element, { attrs: { placeholder, 'aria-label': label }, on: { input: () => onInput(element.value) } });
  const glyph = icon('search');
  glyph.slot = 'start';
  element.append(glyph);
  return element;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A drop-down list. */
export function dropdown(
  label: string,
  choices: readonly Choice[],
  value: string,
  onChange: (value: string) => void,
): HTMLElement & { value: string } {
  const element = document.createElement('vscode-dropdown') as HTMLElement & { value: string };
  dress(element, { attrs: { 'aria-label': label }, on: { change: () => onChange(element.value) } });
  for (const choice of choices) {
    const option = document.createElement('vscode-option');
    dress(option, { attrs: { value: choice.value, selected: choice.value === value } });
    option.textContent = choice.label;
    element.append(option);
  }
  return element;
}

/** A checkbox with its label. */
export function checkbox(
  label: string | Node,
  isChecked: boolean,
  onChange: (isChecked: boolean) => void,
): HTMLElement & { checked: boolean } {
  const element = document.createElement('vscode-checkbox') as HTMLElement & { checked: boolean };
  dress(element, { attrs: { checked: isChecked }, on: { change: () => onChange(element.checked) } });
  element.append(label);
  return element;
}

/** A small label on a run: a tag that a person gave, or a badge. */
export function tag(text: string): HTMLElement {
  const element = document.createElement('vscode-tag');
  element.textContent = text;
  return element;
}

/** Views behind tabs; `onSelect` hears of a change with the tab's id. */
export function tabs(
  label: string,
  views: readonly { readonly id: string; readonly title: string; readonly view: HTMLElement }[],
  active: string,
  onSelect: (id: string) => void,
): HTMLElement {
  const element = document.createElement('vscode-panels');
  dress(element, { attrs: { 'aria-label': label, activeid: `tab-${active}` } });
  for (const { id, title } of views) {
    const tabElement = document.createElement('vscode-panel-tab');
    tabElement.id = `tab-${id}`;
    tabElement.textContent = title;
    element.append(tabElement);
  }
  for (const { id, view } of views) {
    const panel = document.createElement('vscode-panel-view');
    panel.id = `view-${id}`;
    panel.append(view);
    element.append(panel);
  }
  element.addEventListener('change', (event) => {
    const selected = (event as CustomEvent<HTMLElement | undefined>).detail;
    if (selected?.id.startsWith('tab-') === true) onSelect(selected.id.slice(4));
  });
  return element;
}
