/**
 * A shorter input that still fails: takes out ever smaller pieces, from the end to the start, for as long as `isStillBad` may be
 * asked. Not the shortest one; short enough to be read.
 */
export async function minimise(
  bytes: Uint8Array,
  isStillBad: (bytes: Uint8Array) => Promise<boolean>,
  budget: number,
): Promise<Uint8Array> {
  let best = bytes;
  let nTries = 0;
  for (let size = Math.ceil(bytes.length / 2); size >= 1 && nTries < budget; size = Math.floor(size / 2)) {
    for (let end = best.length; end > 0 && nTries < budget; end -= size) {
      const start = Math.max(0, end - size);
      const shorter = Buffer.concat([best.subarray(0, start), best.subarray(end)]);
      nTries++;
      if (await isStillBad(shorter)) best = shorter;
    }
  }
  return best;
}
