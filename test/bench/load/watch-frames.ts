import type { Frame } from 'playwright-core';

/** What a page did while it was watched. */
export interface Frames {
  /** Milliseconds from frame to frame. */
  readonly intervals: readonly number[];
  /** Bytes of script memory in use, once a second. */
  readonly heap: readonly number[];
  /** The step that the panel showed from then on, with the time of its frame in milliseconds since 1970. */
  readonly shown: readonly (readonly [step: number, at: number])[];
}

/** Starts to watch the frames of a run's panel, and the step that each shows; call what it gives to end that. */
export async function watchFrames(panel: Frame): Promise<() => Promise<Frames>> {
  await panel.evaluate(`{
    const frames = globalThis.__frames = { intervals: [], shown: [], heap: [] };
    let last, weighedAt = 0;
    const look = (now) => {
      if (globalThis.__frames !== frames) return;
      if (last !== undefined) frames.intervals.push(now - last);
      last = now;
      if (now - weighedAt > 1000) frames.heap.push(performance.memory.usedJSHeapSize), weighedAt = now;
      const step = Number(/step ([\\d,]+)/.exec(document.querySelector('.facts').textContent)?.[1]?.replaceAll(',', ''));
      if (frames.shown.at(-1)?.[0] !== step) frames.shown.push([step, Date.now()]);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }`);
  return async () => {
    const frames = await panel.evaluate('globalThis.__frames');
    await panel.evaluate('globalThis.__frames = undefined');
    return frames as Frames;
  };
}

/** For each step that was written, the time until a frame showed it or a later one. */
export function eventToPixelMs(written: ReadonlyMap<number, number>, { shown }: Frames): number[] {
  let next = 0;
  return [...written].map(([step, t]) => {
    while (next < shown.length && !(shown[next]![0] >= step)) next++;
    return next < shown.length ? shown[next]![1] - t : Infinity;
  });
}

/** The value that a share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
