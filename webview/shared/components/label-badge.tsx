import type { Label } from '../../../src/vocabulary/label.ts';
import { LABEL_WORDS } from '../../../src/vocabulary/label.ts';
import './label-badge.css';

/** The label's letter on its colour: the letter carries the meaning. */
export function LabelBadge({ label }: { readonly label: Label }) {
  return (
    <span class={`label label-${label}`} title={LABEL_WORDS[label]}>
      {label}
    </span>
  );
}
