import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import type { HTMLAttributes } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { useDisabled } from './use-disabled.ts';

provideVSCodeDesignSystem().register(vsCodeButton());

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': HTMLAttributes<HTMLElement> & { appearance: 'primary' | 'secondary' | 'icon' };
    }
  }
}

export interface ButtonProps {
  readonly label: string;
  /** Codicon; without `isIconOnly` it stands before the label. */
  readonly icon?: string;
  readonly isIconOnly?: boolean;
  readonly isSecondary?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

/** A push button. */
export function Button({
  label,
  icon,
  isIconOnly = false,
  isSecondary = false,
  isDisabled = false,
  onClick,
}: ButtonProps) {
  const element = useRef<HTMLElement>(null);
  useDisabled(element, isDisabled);
  if (isIconOnly && icon !== undefined) {
    return (
      <vscode-button ref={element} appearance="icon" aria-label={label} title={label} onClick={onClick}>
        <Icon name={icon} />
      </vscode-button>
    );
  }
  return (
    <vscode-button ref={element} appearance={isSecondary ? 'secondary' : 'primary'} onClick={onClick}>
      {icon !== undefined && <Icon name={icon} slot="start" />}
      {label}
    </vscode-button>
  );
}
