import { Icon } from '../shared/components/icon.tsx';
import type { Edits } from './edits.ts';
import { Field } from './field.tsx';
import { Problems } from './problems.tsx';
import { Rows } from './rows.tsx';
import type { SectionView } from './section-view.ts';

export interface SectionProps {
  readonly view: SectionView;
  readonly isOpen: boolean;
  readonly isBroken: boolean;
  readonly edits: Edits;
  readonly onToggle: () => void;
}

/** A section with its fields or rows. */
export function Section({ view, isOpen, isBroken, edits, onToggle }: SectionProps) {
  const { section, state, nSet } = view;
  const { path, title, help, isList } = section;
  const bodyId = `section-${path === '' ? 'general' : path.replace('.', '-')}`;
  return (
    <section class="form-section" data-section={path} aria-label={title} hidden={!view.isShown}>
      <h2>
        <button class="section-toggle" aria-controls={bodyId} aria-expanded={isOpen} onClick={onToggle}>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          {title}
        </button>
        <span class="muted num" title={isList ? `${nSet} in the list` : `${nSet} set in this file`}>
          {nSet === 0 ? '' : nSet}
        </span>
      </h2>
      <div id={bodyId} class="section-body" hidden={!isOpen}>
        <p class="muted">{help}</p>
        {state?.locked !== undefined && !isBroken && <p class="muted">{state.locked} Change it in the text.</p>}
        <Problems problems={state?.problems ?? []} edits={edits} />
        {isList ? (
          <Rows view={view} isBroken={isBroken} edits={edits} />
        ) : (
          view.fields.map((field) => <Field key={field.state.path} view={field} isBroken={isBroken} edits={edits} />)
        )}
      </div>
    </section>
  );
}
