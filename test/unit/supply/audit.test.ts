/** The audit of what is shipped, with the real npm against a registry of this machine. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../runs/temp-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ADVISORY = 'GHSA-aaaa-bbbb-cccc';
const VULNERABLE = 'fflate';
const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', VULNERABLE, 'package.json'), 'utf8')) as {
  version: string;
};

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A registry that answers audits with these advisories, or with an HTTP error. */
async function registry(answer: 404 | Record<string, readonly object[]>): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST' && request.url?.endsWith('/advisories/bulk') === true && answer !== 404) {
      response.end(JSON.stringify(answer));
      return;
    }
    if (request.method === 'GET' && request.url === `/${VULNERABLE}`) {
      const versions = { [version]: { name: VULNERABLE, version } };
      response.end(JSON.stringify({ name: VULNERABLE, 'dist-tags': { latest: version }, versions }));
      return;
    }
    response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const FOUND = {
  [VULNERABLE]: [
    {
      id: 1,
      url: `https://github.com/advisories/${ADVISORY}`,
      title: 'Something bad',
      severity: 'high',
      vulnerable_versions: '*',
      cwe: [],
      cvss: { score: 0, vectorString: null },
    },
  ],
};

function audit(
  url: string,
  allowed: readonly object[] = [],
  ...args: string[]
): Promise<{ code: number; out: string }> {
  const folder = tempFolder();
  const file = join(folder, 'allowed.json');
  writeFileSync(file, JSON.stringify(allowed));
  const env = {
    ...process.env,
    npm_config_registry: url,
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/audit.mjs', '--allowed', file, ...args], { cwd: ROOT, env }, (error, out) =>
      resolve({ code: error === null ? 0 : Number(error.code), out }),
    );
  });
}

const entry = { advisory: ADVISORY, package: VULNERABLE, reason: 'Zips are only written.', expires: '2999-12-31' };

describe('the audit of runtime dependencies', () => {
  it('passes when nothing is known, and fails on what is unless it is allowed with a reason', async () => {
    const [nothing, found] = [await registry({}), await registry(FOUND)];
    const [clean, bad, allowed] = await Promise.all([audit(nothing), audit(found), audit(found, [entry])]);
    expect(clean).toEqual({ code: 0, out: expect.stringMatching(/^0 known vulnerabilities/) as string });
    expect(bad.code).toBe(1);
    expect(bad.out).toContain(`FAILED: high: ${VULNERABLE}: Something bad (${ADVISORY})`);
    expect(allowed).toEqual({ code: 0, out: expect.stringContaining('1 of them allowed') as string });
  });

  it('fails on an entry that has expired, has no reason or allows nothing', async () => {
    const list = [
      { ...entry, expires: '2020-01-01' },
      { ...entry, reason: '' },
      { ...entry, package: 'yaml' },
    ];
    const { code, out } = await audit(await registry(FOUND), list);
    expect(code).toBe(1);
    expect(out).toContain(`${ADVISORY} of ${VULNERABLE} has expired on 2020-01-01`);
    expect(out).toContain('lacks advisory, package, reason or expires');
    expect(out).toContain(`${ADVISORY} of yaml is allowed but not found any more`);
  });

  it('is skipped aloud where the registry has no audits or cannot be reached, unless it is required', async () => {
    const url = await registry(404);
    const [skipped, unreachable, required] = await Promise.all([
      audit(url),
      audit('http://127.0.0.1:1', [{ ...entry, expires: '2020-01-01' }]),
      audit(url, [], '--required'),
    ]);
    expect(skipped).toEqual({ code: 0, out: expect.stringMatching(/^SKIPPED: .*audit/) as string });
    // What is wrong with the list needs no registry.
    expect(unreachable).toEqual({ code: 1, out: expect.stringMatching(/^SKIPPED: .*\nFAILED: .*expired/) as string });
    expect(required).toEqual({ code: 1, out: expect.stringMatching(/^FAILED: npm audit/) as string });
  });
});
