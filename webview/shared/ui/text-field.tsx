import { provideVSCodeDesignSystem, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import type { HTMLAttributes, RefObject, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import type { Choice } from './dropdown.tsx';
import { useDisabled } from './use-disabled.ts';
import './text-field.css';

provideVSCodeDesignSystem().register(vsCodeTextField());

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-text-field': HTMLAttributes<FieldElement> & { placeholder: string; value?: string };
    }
  }
}

/** The toolkit's element. */
export type FieldElement = HTMLElement & { value: string };

type Events = Pick<HTMLAttributes<FieldElement>, 'onInput' | 'onChange' | 'onBlur' | 'onKeyDown'>;

export interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly field?: RefObject<FieldElement | null>;
  /** Hears of every change. */
  readonly onSearch: (text: string) => void;
}

/** A search field; Escape empties it. */
export function SearchField({ label, placeholder, value, field, onSearch }: SearchFieldProps) {
  const onKeyDown = ({ key, currentTarget }: TargetedKeyboardEvent<FieldElement>) => {
    if (key !== 'Escape' || currentTarget.value === '') return;
    currentTarget.value = '';
    onSearch('');
  };
  return (
    <vscode-text-field
      ref={field ?? null}
      placeholder={placeholder}
      value={value}
      onInput={({ currentTarget }) => onSearch(currentTarget.value)}
      onKeyDown={onKeyDown}
    >
      <Icon name="search" slot="start" />
      {/* The toolkit names a field after its text. */}
      {label}
    </vscode-text-field>
  );
}

export interface TextFieldProps extends Events {
  readonly label: string;
  readonly placeholder: string;
  /** Values that the browser offers while typing. */
  readonly suggestions: readonly Choice[];
  readonly isDisabled: boolean;
  readonly isInvalid?: boolean;
  /** Its value is the caller's to read and to write. */
  readonly field: RefObject<FieldElement | null>;
}

let nLists = 0;

/** A field of one line. */
export function TextField({ label, suggestions, isDisabled, isInvalid = false, field, ...others }: TextFieldProps) {
  useDisabled(field, isDisabled);
  const list = useRef<HTMLDataListElement | undefined>(undefined);
  const offered = JSON.stringify(suggestions);
  useLayoutEffect(() => {
    if (list.current === undefined) {
      list.current = document.createElement('datalist');
      list.current.id = `choices-${++nLists}`;
      // An input finds its list within the same tree only.
      field.current?.shadowRoot?.append(list.current);
    }
    list.current.replaceChildren(...suggestions.map(({ label: name, value }) => new Option(name, value)));
    if (suggestions.length > 0) field.current?.setAttribute('list', list.current.id);
    else field.current?.removeAttribute('list');
  }, [offered]);
  return (
    <vscode-text-field ref={field} spellcheck={false} aria-invalid={isInvalid ? 'true' : undefined} {...others}>
      {label}
    </vscode-text-field>
  );
}

/** The input inside of a field: its selection is the caret of what is typed. */
export function inputOf(field: FieldElement): HTMLInputElement | undefined {
  return field.shadowRoot?.querySelector('input') ?? undefined;
}
