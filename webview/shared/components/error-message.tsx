import type { Problem } from '../../../src/vocabulary/problem.ts';
import './message.css';

/** A panel that cannot show what it was opened for: what is wrong, where, and the next step. */
export function ErrorMessage({ message, where, next }: Problem) {
  return (
    <div class="message">
      <strong>{message}</strong>
      {where !== undefined && <span>{where}</span>}
      {next !== undefined && <span>{next}</span>}
    </div>
  );
}
