import { useSignal } from '@preact/signals';
import type { FieldState } from '../../src/protocol/panels/form-data.ts';
import { problemOf } from '../../src/protocol/rpc.ts';
import { Button } from '../shared/ui/button.tsx';
import type { ControlEvents } from './control.ts';
import { CONTROLS } from './controls.tsx';
import type { Edits } from './edits.ts';
import { focusField } from './focus-field.ts';
import { HelpText } from './help-text.tsx';
import { Problems } from './problems.tsx';
import type { FieldView } from './section-view.ts';

/** An option with its control, what it is for, and what is wrong with it. */
export function Field({
  view: { field, state, isShown },
  isBroken,
  edits,
}: {
  readonly view: FieldView;
  readonly isBroken: boolean;
  readonly edits: Edits;
}) {
  const { path } = state;
  /** Why a change of this state was refused; another state of the text takes it back. */
  const refusal = useSignal<{ readonly message: string; readonly of: FieldState } | undefined>(undefined);
  const events = eventsOf(path, edits, (message) => {
    refusal.value = message === undefined ? undefined : { message, of: state };
  });
  const refused = refusal.value?.of === state ? refusal.value.message : undefined;
  const isLocked = isBroken || state.locked !== undefined;
  const note = state.locked ?? (!state.isSet && state.text !== '' ? 'It comes from an anchor.' : undefined);
  const Control = CONTROLS[field.kind];
  return (
    <div
      class={state.isSet ? 'field is-set' : 'field'}
      data-path={path}
      role="group"
      aria-label={field.name}
      aria-disabled={isLocked ? 'true' : undefined}
      hidden={!isShown}
    >
      {state.isSet && (
        <span class="set-mark" title="Set in this file">
          <span class="sr-only">set in this file</span>
        </span>
      )}
      <div class="field-head">
        <span class="field-name">{field.name}</span>
        {state.isSet && !isLocked && !field.isRequired && (
          <Button
            label={field.fallback === '' ? `Remove ${field.name}` : `Reset ${field.name} to ${field.fallback}`}
            icon="discard"
            isIconOnly
            onClick={() => {
              events.reset();
              focusField(path);
            }}
          />
        )}
      </div>
      {field.kind !== 'flag' && (
        <p class="field-help muted">
          <HelpText help={field.help} />
        </p>
      )}
      <div class={`field-control is-${field.kind}`}>
        <Control field={field} label={path} state={state} isLocked={isLocked} events={events} />
      </div>
      {note !== undefined && !isBroken && <p class="muted">{note} Change it in the text.</p>}
      <Problems problems={state.problems} edits={edits} />
      <p class="refusal" role="alert" hidden={refused === undefined}>
        {refused}
      </p>
    </div>
  );
}

/** A control's events as changes of the text at a path. `onAnswer` hears of each why it is refused, or nothing. */
function eventsOf(path: string, edits: Edits, onAnswer: (refusal?: string) => void): ControlEvents {
  const send = (change: Parameters<Edits['change']>[0]) =>
    void edits.change(change).then(
      () => onAnswer(),
      (error: unknown) => {
        const { message, next } = problemOf(error);
        onAnswer(next === undefined ? message : `${message} ${next}`);
      },
    );
  return {
    set: (value) => send({ kind: 'set', path, value }),
    reset: () => send({ kind: 'reset', path }),
    addItem: (value) => send({ kind: 'addItem', path, value }),
    removeItem: (index) => send({ kind: 'removeItem', path, index }),
    moveItem: (from, to) => send({ kind: 'moveItem', path, from, to }),
  };
}
