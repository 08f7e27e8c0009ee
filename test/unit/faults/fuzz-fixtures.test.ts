import { afterAll, describe, expect, it } from 'vitest';
import { readFixtures } from '../../faults/fuzz/fixtures.ts';
import { openLane } from '../../faults/fuzz/pool.ts';

const lane = openLane();
afterAll(() => lane.close());

// A worker reads them, because some have ended the process or kept it for good.
describe('inputs that once failed', { concurrent: false }, () => {
  it.each(readFixtures())('are values or problems now: $format', { timeout: 300_000 }, async ({ format, fixtures }) => {
    const inputs = fixtures.map(({ bytes }, index) => ({ index, bytes, isMutated: true }));
    const verdicts = await lane.read(format, inputs);
    const failed = verdicts.flatMap(({ failures }, i) =>
      failures.map(({ kind, message, at }) => `${fixtures[i]!.name} ${kind}: ${message.slice(0, 200)} ${at ?? ''}`),
    );
    expect(failed).toEqual([]);
  });
});
