import { provideVSCodeDesignSystem, vsCodePanels, vsCodePanelTab, vsCodePanelView } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes } from 'preact';

provideVSCodeDesignSystem().register(vsCodePanels(), vsCodePanelTab(), vsCodePanelView());

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-panels': HTMLAttributes<HTMLElement> & { activeid: string };
      'vscode-panel-tab': HTMLAttributes<HTMLElement>;
      'vscode-panel-view': HTMLAttributes<HTMLElement>;
    }
  }
}

export interface TabsProps {
  readonly label: string;
  readonly views: readonly { readonly id: string; readonly title: string; readonly content: ComponentChildren }[];
  /** Id of the view that is open. */
  readonly active: string;
  readonly onSelect: (id: string) => void;
}

/** Views behind tabs. */
export function Tabs({ label, views, active, onSelect }: TabsProps) {
  const onChange = (event: Event) => {
    const { id = '' } = (event as CustomEvent<HTMLElement | undefined>).detail ?? {};
    if (id.startsWith('tab-')) onSelect(id.slice('tab-'.length));
  };
  return (
    <vscode-panels aria-label={label} activeid={`tab-${active}`} onChange={onChange}>
      {views.map(({ id, title }) => (
        <vscode-panel-tab key={id} id={`tab-${id}`}>
          {title}
        </vscode-panel-tab>
      ))}
      {views.map(({ id, content }) => (
        <vscode-panel-view key={id} id={`view-${id}`}>
          {content}
        </vscode-panel-view>
      ))}
    </vscode-panels>
  );
}
