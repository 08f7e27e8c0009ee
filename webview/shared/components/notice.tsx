import { Button } from '../ui/button.tsx';
import { Icon } from './icon.tsx';
import './notice.css';

export interface NoticeProps {
  readonly kind: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly detail?: string | undefined;
  /** What can be done about it; of an error the first is the one to take. */
  readonly actions?: readonly { readonly label: string; readonly onClick: () => void }[];
}

/** What a person has to know now, with the next step. */
export function Notice({ kind, title, detail, actions = [] }: NoticeProps) {
  return (
    <div class={`notice notice-${kind}`}>
      <Icon name={kind} />
      <div class="notice-text">
        <strong>{title}</strong>
        {detail !== undefined && <div class="notice-detail">{detail}</div>}
      </div>
      {actions.length > 0 && (
        <div class="notice-actions">
          {actions.map(({ label, onClick }, i) => (
            <Button key={label} label={label} isSecondary={i > 0 || kind !== 'error'} onClick={onClick} />
          ))}
        </div>
      )}
    </div>
  );
}
