import { provideVSCodeDesignSystem, vsCodeDropdown, vsCodeOption } from '@vscode/webview-ui-toolkit';
import type { HTMLAttributes, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { describedBy } from '../components/tooltip.tsx';
import { useDisabled } from './use-disabled.ts';

provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());

type DropdownElement = HTMLElement & { readonly value: string };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-dropdown': HTMLAttributes<DropdownElement> & { value: string };
      'vscode-option': HTMLAttributes<HTMLElement> & { value: string };
    }
  }
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface DropdownProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Value of one of the choices. */
  readonly value: string;
  readonly isDisabled?: boolean;
  readonly isInvalid?: boolean;
  /** Shown beside it while it is hovered or focused. */
  readonly description?: string;
  readonly onChange: (value: string) => void;
}

/** A drop-down list. */
export function Dropdown(props: DropdownProps) {
  const { choices } = props;
  const box = useRef<DropdownElement>(null);
  const hadFocus = box.current !== null && box.current === document.activeElement;
  const names = JSON.stringify(choices);
  useLayoutEffect(() => {
    if (hadFocus) box.current?.focus();
  }, [names]);
  // The toolkit learns of new entries a moment later, and knows no value until then: other entries make another list.
  return <List key={names} {...props} box={box} />;
}

function List({
  label,
  choices,
  value,
  isDisabled = false,
  isInvalid = false,
  description,
  onChange,
  box,
}: DropdownProps & { readonly box: RefObject<DropdownElement | null> }) {
  useDisabled(box, isDisabled);
  return (
    <vscode-dropdown
      ref={box}
      aria-label={label}
      aria-invalid={isInvalid ? 'true' : undefined}
      value={value}
      {...(description === undefined ? {} : describedBy(description))}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {choices.map((choice) => (
        <vscode-option key={choice.value} value={choice.value}>
          {choice.label}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
}
