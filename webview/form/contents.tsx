import { Icon } from '../shared/components/icon.tsx';
import type { SectionView } from './section-view.ts';

/** The sections as a list beside the form, where there is room: what each has set, and where something is wrong. */
export function Contents({
  views,
  onChoose,
}: {
  readonly views: readonly SectionView[];
  readonly onChoose: (path: string) => void;
}) {
  return (
    <nav class="contents" aria-label="Sections">
      {views.map(({ section, isShown, nSet, nProblems }) => (
        <button
          key={section.path}
          class={[nProblems > 0 && 'has-problem', !isShown && 'is-out'].filter(Boolean).join(' ')}
          onClick={() => onChoose(section.path)}
        >
          <span>{section.title}</span>
          <span>
            {nProblems > 0 && <Icon name="error" />}
            <span class="num muted" title={nProblems > 0 ? `${nProblems} problems` : `${nSet} set`}>
              {nProblems > 0 ? nProblems : nSet > 0 ? nSet : ''}
            </span>
          </span>
        </button>
      ))}
    </nav>
  );
}
