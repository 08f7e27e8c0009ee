import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readJob } from '../../../src/trainer/jobs/read-job.ts';

const MAIN = fileURLToPath(new URL('../../../src/trainer/main.ts', import.meta.url));

it.each([
  ['nothing', undefined, 'Found no job'],
  ['no JSON', '{"kind":', 'Found what is no JSON'],
  ['another kind', '{"kind":"distil","runDir":"/a"}', 'kind: found "distil"'],
  ['the name of a method', '{"kind":"constructor"}', 'kind: found "constructor"'],
  ['a missing field', '{"kind":"train","runDir":"/a"}', 'resume: found nothing'],
])('refuses %s as a problem', (_what, argument, message) => {
  expect(() => readJob(argument)).toThrow(message);
});

it('ends a trainer that got no job with a problem in words, not with a stack', () => {
  let error: unknown;
  try {
    execFileSync(process.execPath, ['--import', 'tsx', MAIN, '{}'], { stdio: 'pipe', encoding: 'utf8' });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ status: 2 });
  const { stderr } = error as { stderr: string };
  expect(stderr).toContain('the trainer’s first argument: Found a wrong one');
  expect(stderr).not.toMatch(/^\s+at /m);
});
