/**
 * A generator of unsigned 32-bit integers that is fixed by its seed: sfc32 of PractRand (Doty-Humphrey), the seed spread
 * over the state by splitmix32. Same seed, same numbers, on every machine.
 * Not the generator of `src/data/random.ts`, which is above this layer: intervals and p-values of stored runs and the bundled quickstart data
 * come from this very stream.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  const spread = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = spread();
  let b = spread();
  let c = spread();
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}

/** A whole number from 0 to n − 1 out of one 32-bit draw; its bias is below n / 2³². */
export function indexBelow(n: number, draw: number): number {
  return Math.floor((draw * n) / 4294967296);
}
