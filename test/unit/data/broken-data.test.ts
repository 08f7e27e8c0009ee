import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { FIXTURES, OPTIONS, fixture } from './fixtures.ts';

/** `data/broken-messages.txt` holds what a person reads for each broken data set; a look at its diff is the review of messages. */
test('every broken data set gives one clear message', async () => {
  const names = readdirSync(join(FIXTURES, 'broken')).sort();
  expect(names.length).toBeGreaterThanOrEqual(20);
  const messages: string[] = [];
  for (const name of names) {
    const source = fixture('broken', name);
    const error = await loadJudgedData(source, { ...OPTIONS, version: 'small' }).then(
      () => new Error(`${name} was read without a problem`),
      (reason: unknown) => reason,
    );
    // A bug in the reader must fail with its own stack, not with a difference of texts.
    if (!(error instanceof ProblemError)) throw error;
    expect(error.problem.where).toContain(name);
    expect(error.message).not.toMatch(/\n\s+at |undefined|NaN|\[object/);
    messages.push(`${name} (${error.problem.code})\n${error.message.replaceAll('\\', '/')}\n`);
  }
  expect(openFixtures()).toEqual([]);
  await expect(messages.join('\n')).toMatchFileSnapshot('../../fixtures/data/broken-messages.txt');
});

/** Fixture files that this process holds open, where the system can tell (Linux): a reader that fails must let go of its file. */
function openFixtures(): string[] {
  const folder = '/proc/self/fd';
  if (!existsSync(folder)) return [];
  const targets = readdirSync(folder).map((name) => {
    try {
      return readlinkSync(join(folder, name));
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.includes('fixtures/data'));
}
