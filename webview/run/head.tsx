import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { STATUSES } from '../../src/vocabulary/status.ts';
import { Badge } from '../shared/components/badge.tsx';
import { timeText } from '../../src/vocabulary/words/time.ts';
import { isOver } from '../../src/vocabulary/status.ts';
import { Button } from '../shared/ui/button.tsx';
import { Headline } from './headline.tsx';
import type { RunSnapshot } from './run-snapshot.ts';
import { factsText, progressShare, statusText } from './status-text.ts';

export interface HeadProps {
  readonly run: RunSnapshot;
  readonly act: (action: RunAction, runId?: string) => void;
}

/** Name, status, progress and headline of a run, and what can be done with it. */
export function Head({ run, act }: HeadProps) {
  const { about } = run;
  if (about === undefined) return null;
  const { record, annotation, status, isResumable } = about;
  const active = !isOver(status);
  const badges = [...(record.data?.isSynthetic === true ? ['synthetic'] : []), ...annotation.tags];
  return (
    <div class="head-block">
      <header class="head">
        <div class="head-row">
          <div class="head-name">
            <h1 title={`${record.id}\ncreated ${timeText(record.createdAt)}`}>{annotation.title ?? record.name}</h1>
            <span class="badges">
              {badges.map((text) => (
                <Badge key={text} text={text} />
              ))}
            </span>
          </div>
          <span class="status" role="status">
            <span class={`codicon codicon-${STATUSES[status].icon} status-${status}`} aria-hidden="true" />
            <span>{statusText(run)}</span>
          </span>
          <span class="facts num">{factsText(run)}</span>
          <span class="spacer" />
          <div class="head-actions">
            {active && <Button label="Stop" icon="debug-stop" onClick={() => act('stop')} />}
            {!active && isResumable && status !== 'finished' && (
              <Button label="Resume" icon="debug-continue" onClick={() => act('resume')} />
            )}
            {!active && (
              <Button label="Start Again" icon="debug-restart" isSecondary onClick={() => act('startAgain')} />
            )}
            <Button label="Rename" icon="edit" isIconOnly onClick={() => act('rename')} />
            <Button label="Compare with other runs" icon="git-compare" isIconOnly onClick={() => act('compare')} />
            <Button
              label="Reveal the run’s folder"
              icon="folder-opened"
              isIconOnly
              onClick={() => act('revealFolder')}
            />
          </div>
        </div>
        <Progress isActive={active} share={progressShare(run)} />
      </header>
      <Headline run={run} act={act} />
    </div>
  );
}

/** `share` is undefined when no one knows. */
function Progress({ isActive: active, share }: { readonly isActive: boolean; readonly share: number | undefined }) {
  return (
    <div
      class={['progress', !active && 'is-idle', active && share === undefined && 'is-unknown']
        .filter(Boolean)
        .join(' ')}
      role="progressbar"
      aria-label="Progress of the run"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
    >
      <div class="progress-bar" style={{ transform: `scaleX(${active ? (share ?? 1) : 0})` }} />
    </div>
  );
}
