import type { ReadonlySignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FormCommand, FormSection, FormState } from '../../src/protocol/panels/form-data.ts';
import { onFilterKey } from '../shared/filter-key.ts';
import type { KeptState } from '../shared/host.ts';
import type { FieldElement } from '../shared/ui/text-field.tsx';
import { Contents } from './contents.tsx';
import type { Edits } from './edits.ts';
import { focusField } from './focus-field.ts';
import { Head } from './head.tsx';
import { Section } from './section.tsx';
import { firstProblem, sectionViews } from './section-view.ts';
import type { FormPanelState } from './state.ts';
import { TEXT_ONLY_ID, TextOnlySection } from './text-only.tsx';

export interface FormProps {
  /** The experiment's. */
  readonly name: string;
  readonly sections: readonly FormSection[];
  /** What the text says now. */
  readonly state: ReadonlySignal<FormState>;
  /** Why something failed that has no field of its own. */
  readonly failure: ReadonlySignal<string | undefined>;
  readonly kept: KeptState<FormPanelState>;
  readonly edits: Edits;
  readonly onRun: (command: FormCommand) => void;
}

/** The form of an experiment: everything that the table of options has, with what the text says about it. */
export function Form({ name, sections, state: { value: state }, failure, kept, edits, onRun }: FormProps) {
  const filter = { text: kept.fields.filter.value, isOnlySet: kept.fields.isOnlySet.value };
  const closed = kept.fields.closed.value;
  const views = sectionViews(sections, state, filter);
  const filterField = useRef<FieldElement>(null);
  useLayoutEffect(() => onFilterKey(() => filterField.current?.focus()), []);

  const open = (path: string) => kept.change({ closed: closed.filter((other) => other !== path) });

  function toggle(path: string): void {
    if (closed.includes(path)) open(path);
    else kept.change({ closed: [...closed, path] });
  }

  function goToSection(path: string): void {
    open(path);
    onceDrawn(() => {
      const section = sectionElement(path);
      section?.scrollIntoView({ block: 'start' });
      section?.querySelector('button')?.focus({ preventScroll: true });
    });
  }

  function goToProblem(): void {
    kept.change({ closed: [] });
    onceDrawn(() => {
      const place = firstProblem(views);
      if (place === undefined) document.getElementById(TEXT_ONLY_ID)?.scrollIntoView();
      else if (place.kind === 'field') focusField(place.path)?.scrollIntoView({ block: 'center' });
      else sectionElement(place.path)?.querySelector('.problems')?.scrollIntoView({ block: 'center' });
    });
  }

  const typed = filter.text.trim();
  return (
    <>
      <Head
        name={name}
        state={state}
        filter={filter}
        filterField={filterField}
        edits={edits}
        onFilter={({ text, isOnlySet }) =>
          kept.change({
            ...(text === undefined ? {} : { filter: text }),
            ...(isOnlySet === undefined ? {} : { isOnlySet }),
          })
        }
        onRun={onRun}
        onGoToProblem={goToProblem}
      />
      <p class="refusal" role="alert" hidden={failure.value === undefined}>
        {failure.value}
      </p>
      <main class={state.isBroken ? 'is-broken' : ''}>
        <Contents views={views} onChoose={goToSection} />
        <div class="sections">
          <p class="message" role="status" hidden={views.some(({ nMatches }) => nMatches > 0)}>
            {typed === '' ? 'This file sets no option yet.' : `No option matches “${typed}”.`}
          </p>
          {views.map((view) => (
            <Section
              key={view.section.path}
              view={view}
              // What the filter has found is shown, also in a section that is closed.
              isOpen={filter.text !== '' || !closed.includes(view.section.path)}
              isBroken={state.isBroken}
              edits={edits}
              onToggle={() => toggle(view.section.path)}
            />
          ))}
          <TextOnlySection keys={state.textOnly} edits={edits} />
        </div>
      </main>
    </>
  );
}

/** After what has just changed is drawn, which Preact does in a microtask. */
function onceDrawn(work: () => void): void {
  queueMicrotask(work);
}

function sectionElement(path: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-section="${CSS.escape(path)}"]`);
}
