import { describe, expect, it } from 'vitest';
import { ADAMW_DEFAULTS, adamwUpdate, decayOnly, type Update } from '../../../src/engine/onnx/adamw.ts';

const update = (change: Partial<Update> = {}): Update => ({
  options: { ...ADAMW_DEFAULTS, weightDecay: 0.1 },
  lr: 0.01,
  t: 1,
  gradientScale: 1,
  hasDecay: true,
  ...change,
});

const moments = (n: number) => ({ m: new Float32Array(n), v: new Float32Array(n) });

// Parity with torch.optim.AdamW over 30 steps: oracle-adamw.test.ts.
describe('an AdamW update', () => {
  it('moves by the learning rate against the sign of the first gradient, after the decay', () => {
    const parameter = Float32Array.of(1, 1, 1);
    adamwUpdate(parameter, Float32Array.of(3, -1e-4, 0), moments(3), update());
    [0.999 - 0.01, 0.999 + 0.01, 0.999].forEach((value, i) => expect(parameter[i]).toBeCloseTo(value, 5));
  });

  it('takes the clipped gradient into the moments', () => {
    const state = moments(1);
    adamwUpdate(Float32Array.of(1), Float32Array.of(8), state, update({ gradientScale: 0.25 }));
    expect(state.m[0]).toBeCloseTo(0.2, 6);
    expect(state.v[0]).toBeCloseTo(0.004, 6);
  });

  it('touches only the range it is given', () => {
    const parameter = Float32Array.of(1, 1, 1, 1);
    const state = moments(4);
    adamwUpdate(parameter, new Float32Array(4).fill(1), state, update(), 1, 3);
    expect([parameter[0], parameter[3], state.m[0], state.m[3]]).toEqual([1, 1, 0, 0]);
    expect(parameter[1]).toBe(parameter[2]);
    expect(parameter[1]).toBeLessThan(1);
  });

  it('without gradient and moments equals the decay alone, bit by bit', () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i));
    const [full, short] = [values.slice(), values.slice()];
    adamwUpdate(full, new Float32Array(100), moments(100), update({ t: 9 }));
    decayOnly(short, update({ t: 9 }), 0, 100);
    expect(short).toEqual(full);
    expect(short).not.toEqual(values);
  });

  it('decays nothing that has no decay', () => {
    const parameter = Float32Array.of(1);
    decayOnly(parameter, update({ hasDecay: false }), 0, 1);
    adamwUpdate(parameter, Float32Array.of(0), moments(1), update({ hasDecay: false }));
    expect(parameter[0]).toBe(1);
  });
});
