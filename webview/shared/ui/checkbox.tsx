import { provideVSCodeDesignSystem, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes } from 'preact';
import { useRef } from 'preact/hooks';
import { useDisabled } from './use-disabled.ts';

provideVSCodeDesignSystem().register(vsCodeCheckbox());

type CheckboxElement = HTMLElement & { readonly checked: boolean };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-checkbox': HTMLAttributes<CheckboxElement> & { checked: boolean };
    }
  }
}

export interface CheckboxProps {
  /** What readers say instead of the children. */
  readonly label?: string;
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly isInvalid?: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly children: ComponentChildren;
}

/** A checkbox with its label. */
export function Checkbox({
  label,
  isChecked,
  isDisabled = false,
  isInvalid = false,
  onChange,
  children,
}: CheckboxProps) {
  const element = useRef<CheckboxElement>(null);
  useDisabled(element, isDisabled);
  const onToggle = () => {
    const now = element.current?.checked;
    // It tells of a change that came from here, too.
    if (now !== undefined && now !== isChecked) onChange(now);
  };
  return (
    <vscode-checkbox
      ref={element}
      checked={isChecked}
      aria-label={label}
      aria-invalid={isInvalid ? 'true' : undefined}
      onChange={onToggle}
    >
      {children}
    </vscode-checkbox>
  );
}
