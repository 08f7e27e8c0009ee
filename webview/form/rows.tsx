import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../shared/ui/button.tsx';
import type { Edits } from './edits.ts';
import { Field } from './field.tsx';
import type { FieldView, SectionView } from './section-view.ts';

/** A list of mappings: a row each, and a button for each name that has none yet. */
export function Rows({
  view: { section, state, fields },
  isBroken,
  edits,
}: {
  readonly view: SectionView;
  readonly isBroken: boolean;
  readonly edits: Edits;
}) {
  const { path, title } = section;
  const nItems = state?.nItems ?? 0;
  const isLocked = isBroken || state?.locked !== undefined;
  const list = useRef<HTMLOListElement>(null);
  const adders = useRef<HTMLDivElement>(null);
  /** The row that is to get the keyboard once the rows have changed. */
  const focusAt = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (focusAt.current === undefined) return;
    const row = list.current?.children[focusAt.current];
    const button = row?.querySelector<HTMLElement>(':scope > vscode-button');
    (button ?? adders.current?.querySelector<HTMLElement>('vscode-button'))?.focus();
    focusAt.current = undefined;
  }, [nItems]);

  function send(change: Parameters<Edits['change']>[0], rowAfter: number): void {
    focusAt.current = rowAfter;
    edits.change(change).catch((error: unknown) => {
      focusAt.current = undefined;
      edits.report(error);
    });
  }

  /** The field whose value names a row. */
  const naming = section.fields.find(({ isRequired }) => isRequired);
  const taken = new Set(fields.filter(({ field }) => field.path === naming?.path).map((one) => one.state.text));
  return (
    <div>
      <ol ref={list} class="rows" aria-label={title}>
        {rowsOf(fields, section.fields.length).map((row, index) => (
          <li key={index} class="row">
            {row.map((field) => (
              <Field key={field.state.path} view={field} isBroken={isBroken} edits={edits} />
            ))}
            <Button
              label={`Remove item ${index + 1}`}
              icon="trash"
              isIconOnly
              isDisabled={isLocked}
              onClick={() => send({ kind: 'removeItem', path, index }, Math.min(index, nItems - 2))}
            />
          </li>
        ))}
      </ol>
      <div ref={adders} class="adders">
        {(naming?.choices ?? [])
          .filter((value) => !taken.has(value))
          .map((value) => (
            <Button
              key={value}
              label={value}
              icon="add"
              isSecondary
              isDisabled={isLocked}
              onClick={() => send({ kind: 'addItem', path, value }, nItems)}
            />
          ))}
      </div>
    </div>
  );
}

function rowsOf(fields: readonly FieldView[], nColumns: number): FieldView[][] {
  return Array.from({ length: fields.length / nColumns }, (_, i) => fields.slice(i * nColumns, (i + 1) * nColumns));
}
