import { Button } from '../ui/button.tsx';
import './message.css';

export interface EmptyStateProps {
  /** What would stand here, and how it comes. */
  readonly text: string;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

/** Stands where there is nothing to show. */
export function EmptyState({ text, action }: EmptyStateProps) {
  return (
    <div class="message">
      {text}
      {action !== undefined && <Button label={action.label} isSecondary onClick={action.onClick} />}
    </div>
  );
}
