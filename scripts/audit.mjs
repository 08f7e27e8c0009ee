/**
 * Fails on known vulnerabilities in what ESCI Lab ships: `npm audit` of the runtime dependencies, less the advisories that
 * audit-allowed.json lists, each with its package, a reason and the day from which it counts again (`{"advisory": "GHSA-…", "package": "…", "reason": "…",
 * "expires": "2027-01-31"}`). Where the registry answers no audits it says so and passes, with `--required` it fails.
 *
 *   node scripts/audit.mjs [--required] [--allowed FILE]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    required: { type: 'boolean', default: false },
    allowed: { type: 'string', default: join(root, 'scripts/audit-allowed.json') },
  },
});

const today = new Date().toISOString().slice(0, 10);
const allowed = JSON.parse(readFileSync(values.allowed, 'utf8'));
const complaints = allowed.flatMap((entry) => wrongEntry(entry));

// One command line: npm is a script of the shell on Windows.
const { stdout } = spawnSync('npm audit --omit=dev --json', {
  cwd: root,
  encoding: 'utf8',
  shell: true,
  maxBuffer: 1 << 28,
});
const answer = parsed(stdout);
if (answer?.vulnerabilities === undefined) {
  const reason = answer?.message ?? answer?.error?.summary ?? 'npm audit gave no answer';
  const isSkipped = !values.required && hasNoAudits(answer);
  console.log(
    `${isSkipped ? 'SKIPPED: the audit of runtime dependencies, because the registry answers none' : 'FAILED: npm audit'} (${oneLine(reason)})`,
  );
  if (!isSkipped) process.exitCode = 1;
} else {
  const advisories = advisoriesOf(answer);
  const isAllowed = ({ id, name }) =>
    allowed.some((entry) => entry.advisory === id && entry.package === name && entry.expires >= today);
  for (const { id, name, severity, title } of advisories.filter((advisory) => !isAllowed(advisory))) {
    complaints.push(
      `${severity}: ${name}: ${title} (${id}). Update it, or allow it with a reason in scripts/audit-allowed.json.`,
    );
  }
  for (const { advisory, package: name } of allowed) {
    if (!advisories.some((found) => found.id === advisory && found.name === name)) {
      complaints.push(
        `${advisory} of ${name} is allowed but not found any more: take it out of scripts/audit-allowed.json.`,
      );
    }
  }
  console.log(
    `${advisories.length} known vulnerabilities in runtime dependencies, ${advisories.filter(isAllowed).length} of them allowed.`,
  );
}
for (const complaint of complaints) console.log(`FAILED: ${complaint}`);
if (complaints.length > 0) process.exitCode = 1;

/** What is wrong with an entry of the allow list itself. */
function wrongEntry({ advisory, package: name, reason, expires }) {
  const isWhole =
    [advisory, name, reason].every((text) => typeof text === 'string' && text.trim() !== '') &&
    /^\d{4}-\d\d-\d\d$/.test(expires);
  if (!isWhole)
    return [
      `an entry of the allow list lacks advisory, package, reason or expires (YYYY-MM-DD): ${JSON.stringify({ advisory, name, reason, expires })}`,
    ];
  return expires < today
    ? [`the reason to allow ${advisory} of ${name} has expired on ${expires}: look at it again.`]
    : [];
}

/** Each advisory once; a package that is only vulnerable through another names that one, not an advisory. */
function advisoriesOf({ vulnerabilities }) {
  const all = Object.values(vulnerabilities).flatMap(({ via }) => via.filter((cause) => typeof cause === 'object'));
  const found = all.map(({ url, source, name, severity, title }) => ({
    id: /GHSA(?:-\w{4}){3}/.exec(url ?? '')?.[0] ?? String(source),
    name,
    severity,
    title,
  }));
  return [...new Map(found.map((advisory) => [`${advisory.id} ${advisory.name}`, advisory])).values()];
}

/** Whether the registry has no such service or cannot be reached, rather than that something is wrong here. */
function hasNoAudits(answer) {
  if (answer === undefined) return false;
  const { statusCode, message = '', error } = answer;
  if ([400, 401, 403, 404, 405, 410, 501, 502, 503, 504].includes(statusCode)) return true;
  return (
    error?.code === 'ENOAUDIT' ||
    /ENOAUDIT|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|audit endpoint/.test(message)
  );
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function oneLine(text) {
  return String(text).replace(/\s+/g, ' ').slice(0, 200);
}
