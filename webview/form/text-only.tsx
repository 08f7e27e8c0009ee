import type { TextOnly } from '../../src/protocol/panels/form-data.ts';
import type { Edits } from './edits.ts';
import { LineLink, Problems } from './problems.tsx';

/** The place of the keys that are only in the text, for what leads there. */
export const TEXT_ONLY_ID = 'text-only';

/** Keys of the file that are no option: kept as they are, and one click away in the text. */
export function TextOnlySection({ keys, edits }: { readonly keys: readonly TextOnly[]; readonly edits: Edits }) {
  return (
    <section id={TEXT_ONLY_ID} class="form-section" aria-label="Only in the text" hidden={keys.length === 0}>
      <h2>
        <span class="section-title">Only in the text</span>
        <span class="muted num">{keys.length}</span>
      </h2>
      <p class="muted">Keys of the file that are no option. The form leaves them as they are.</p>
      <ul class="text-only">
        {keys.map(({ path, value, line, problems }) => (
          <li>
            <div class="text-only-key">
              <span class="field-name">{path}</span>
              <span class="mono muted text-only-value">{value}</span>
              <LineLink line={line} edits={edits} />
            </div>
            <Problems problems={problems} edits={edits} hasLines={false} />
          </li>
        ))}
      </ul>
    </section>
  );
}
