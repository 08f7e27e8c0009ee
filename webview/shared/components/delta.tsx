import { isSignificant, deltaText, intervalText } from '../../../src/vocabulary/words/metric.ts';

export interface DeltaProps {
  readonly value: number;
  /** Its confidence interval; one that holds 0 takes the colour away. */
  readonly interval?: readonly [number, number];
}

/** A difference: arrow and sign first, then colour, then how sure it is. */
export function Delta({ value, interval }: DeltaProps) {
  const isOpen = interval !== undefined && !isSignificant(interval);
  const direction = value > 0 ? 'gain' : value < 0 ? 'loss' : undefined;
  const arrow = { gain: '▲ ', loss: '▼ ' };
  return (
    <>
      <span class={isOpen ? undefined : direction}>
        {direction !== undefined && arrow[direction]}
        {deltaText(value)}
      </span>
      {interval !== undefined && (
        <span class="muted">
          {' '}
          {intervalText(interval)}
          {isOpen && ' not significant'}
        </span>
      )}
    </>
  );
}
