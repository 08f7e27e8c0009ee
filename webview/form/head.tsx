import type { RefObject } from 'preact';
import type { FormCommand, FormState } from '../../src/protocol/panels/form-data.ts';
import { Icon } from '../shared/components/icon.tsx';
import { Button } from '../shared/ui/button.tsx';
import { SearchField } from '../shared/ui/text-field.tsx';
import type { FieldElement } from '../shared/ui/text-field.tsx';
import type { Edits } from './edits.ts';
import { Fix } from './problems.tsx';
import type { FormFilter } from './section-view.ts';

export interface HeadProps {
  /** The experiment's. */
  readonly name: string;
  readonly state: FormState;
  readonly filter: FormFilter;
  readonly filterField: RefObject<FieldElement | null>;
  readonly edits: Edits;
  readonly onFilter: (filter: Partial<FormFilter>) => void;
  readonly onRun: (command: FormCommand) => void;
  readonly onGoToProblem: () => void;
}

/** What can be done with the experiment, what to show of it, and what is wrong with the file as a whole. */
export function Head({ name, state, filter, filterField, edits, onFilter, onRun, onGoToProblem }: HeadProps) {
  const nSet = state.fields.filter(({ isSet }) => isSet).length;
  const parts = [...state.fields, ...state.sections, ...state.textOnly, state];
  const nProblems = parts.reduce((sum, { problems }) => sum + problems.length, 0);
  return (
    <header class="head">
      <div class="head-row">
        <h1>{name}</h1>
        <span class="spacer" />
        <div class="head-actions">
          <Button label="Start" icon="play" onClick={() => onRun('start')} />
          <Button label="Dry Run" icon="search" isSecondary onClick={() => onRun('dryRun')} />
          <Button label="Open as Text" icon="go-to-file" isSecondary onClick={() => onRun('openText')} />
        </div>
      </div>
      <div class="head-row">
        <SearchField
          label="Filter options"
          placeholder="Filter options ( / )"
          value={filter.text}
          field={filterField}
          onSearch={(text) => onFilter({ text })}
        />
        <button
          class="plain-button"
          aria-pressed={filter.isOnlySet}
          title="Show only what this file sets, and what has a problem"
          onClick={() => onFilter({ isOnlySet: !filter.isOnlySet })}
        >
          <Icon name="filter" /> Set only
        </button>
        <span class="muted num">{nSet} set</span>
        {nProblems > 0 && (
          <button class="plain-button num" onClick={onGoToProblem}>
            {nProblems === 1 ? '1 problem' : `${nProblems} problems`}
          </button>
        )}
      </div>
      <FileProblems state={state} edits={edits} />
    </header>
  );
}

function FileProblems({ state: { isBroken, problems }, edits }: { readonly state: FormState; readonly edits: Edits }) {
  return (
    <div class="notice" role="alert" hidden={problems.length === 0}>
      {problems.map(({ message, line, fix }) => (
        <p>
          <Icon name="error" />
          Line {line}: {message} {fix !== undefined && <Fix line={line} title={fix} edits={edits} />}
        </p>
      ))}
      <p>
        {isBroken && 'The form shows what can be read, and edits again once the text is mended.'}{' '}
        <button class="link" onClick={() => edits.reveal(problems[0]?.line ?? 1)}>
          Open the text
        </button>
      </p>
    </div>
  );
}
