/** Something that a run promises did not hold. */
export class Lost extends Error {}

/** @throws Lost */
export function hold(isHeld: boolean, promise: string): asserts isHeld {
  if (!isHeld) throw new Lost(promise);
}
