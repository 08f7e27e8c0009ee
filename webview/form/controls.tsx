/** How an option is edited, by its kind. */
import type { FunctionComponent } from 'preact';
import type { OptionKind } from '../../src/vocabulary/option-kind.ts';
import { Checkbox } from '../shared/ui/checkbox.tsx';
import { Dropdown } from '../shared/ui/dropdown.tsx';
import { ChipList } from './chips.tsx';
import type { ControlProps } from './control.ts';
import { HelpText } from './help-text.tsx';
import { TypedField } from './typed-field.tsx';

/** The control of each kind of option. */
export const CONTROLS = {
  text: TypedField,
  number: TypedField,
  choice: ChoiceControl,
  flag: FlagControl,
  texts: ChipList,
} as const satisfies Record<OptionKind, FunctionComponent<ControlProps>>;

/** Stands for the default in a drop-down list: an empty value would be taken for none by it. */
const DEFAULT = ' default';

/** A drop-down list; its first entry is the default. A value that is none of the names is an entry of its own. */
function ChoiceControl({ field, label, state, isLocked, events }: ControlProps) {
  const value = state.isSet || state.text !== '' ? state.text : DEFAULT;
  const choices = [
    ...(field.isRequired ? [] : [{ value: DEFAULT, label: `Default: ${field.fallback}` }]),
    ...field.choices.map((choice) => ({ value: choice, label: choice })),
  ];
  const isOther = !choices.some((choice) => choice.value === value);
  if (isOther) choices.push({ value, label: value === '' ? 'nothing' : value });
  return (
    <Dropdown
      label={label}
      choices={choices}
      value={value}
      isDisabled={isLocked}
      isInvalid={state.problems.length > 0}
      onChange={(chosen) => (chosen === DEFAULT ? events.reset() : events.set(chosen))}
    />
  );
}

function FlagControl({ field, label, state, isLocked, events }: ControlProps) {
  return (
    <Checkbox
      label={label}
      isChecked={(state.text === '' ? field.fallback : state.text) === 'true'}
      isDisabled={isLocked}
      isInvalid={state.problems.length > 0}
      onChange={(isChecked) => events.set(String(isChecked))}
    >
      <HelpText help={field.help} />
    </Checkbox>
  );
}
