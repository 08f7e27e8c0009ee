import type { ComponentChildren } from 'preact';
import { X_MODES } from '../chart-settings.ts';
import type { ChartSettings } from '../chart-settings.ts';
import type { KeptState } from '../host.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Segments } from './segments.tsx';

export interface ChartControlsProps {
  readonly state: KeptState<ChartSettings>;
  /** A page's own controls, before the one that ends a zoom. */
  readonly children?: ComponentChildren;
}

/** What sets horizontal axis, logarithm and zoom of all charts of a page. */
export function ChartControls({ state, children }: ChartControlsProps) {
  const { xMode, isLog, zoom } = state.fields;
  return (
    <>
      <Segments
        label="Horizontal axis"
        values={X_MODES}
        value={xMode.value}
        onChange={(mode) => state.change({ xMode: mode, zoom: null })}
      />
      <Checkbox isChecked={isLog.value} onChange={(isChecked) => state.change({ isLog: isChecked })}>
        Log y
      </Checkbox>
      {children}
      {zoom.value !== null && (
        <Button label="Show all" icon="screen-full" isSecondary onClick={() => state.change({ zoom: null })} />
      )}
    </>
  );
}
