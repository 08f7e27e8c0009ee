import type { FormProblem } from '../../src/protocol/panels/form-data.ts';
import { Icon } from '../shared/components/icon.tsx';
import type { Edits } from './edits.ts';

/** Problems below what they are about, each with its fix and, unless that stands there already, its line in the text. Readers hear of them when they come. */
export function Problems({
  problems,
  edits,
  hasLines = true,
}: {
  readonly problems: readonly FormProblem[];
  readonly edits: Edits;
  readonly hasLines?: boolean;
}) {
  return (
    <ul class="problems" aria-live="polite" hidden={problems.length === 0}>
      {problems.map(({ severity, message, line, fix }) => (
        <li class={`problem is-${severity}`}>
          <Icon name={severity} />
          <span class="sr-only">{severity === 'error' ? 'Error: ' : 'Warning: '}</span>
          <span class="problem-text">
            {message}
            {fix !== undefined && ' '}
            {fix !== undefined && <Fix line={line} title={fix} edits={edits} />}
          </span>
          {hasLines && <LineLink line={line} edits={edits} />}
        </li>
      ))}
    </ul>
  );
}

/** Repairs a problem. */
export function Fix({ line, title, edits }: { readonly line: number; readonly title: string; readonly edits: Edits }) {
  return (
    <button class="link" onClick={() => edits.fix({ line, title })}>
      {title}
    </button>
  );
}

/** Leads to a line of the text. */
export function LineLink({ line, edits }: { readonly line: number; readonly edits: Edits }) {
  return (
    <button class="link line-link num" title="Show in the text" onClick={() => edits.reveal(line)}>
      line {line}
    </button>
  );
}
