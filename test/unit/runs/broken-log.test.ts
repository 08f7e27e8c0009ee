import { appendFileSync, closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tailEvents } from '../../../src/process/tail.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { skippedText } from '../../../src/protocol/skipped-lines.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { foldLog } from '../../../src/runs/log/fold-log.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { MAX_LINE_BYTES } from '../../../src/runs/log/parse-event.ts';
import { openEventReader, readEvents } from '../../../src/runs/log/read-events.ts';
import type { EventReader } from '../../../src/runs/log/read-events.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { evaluation, ONE_OF_EACH, started, step } from './events.ts';
import { tempFolder } from './temp-folder.ts';

const line = (event: object) => `${JSON.stringify(event)}\n`;

/** Reads to the end of what is there. */
async function readAll(reader: EventReader) {
  const events: RunEvent[] = [];
  const badLines = [];
  let nBytesRead = 0;
  for (;;) {
    const batch = await reader.read();
    events.push(...batch.events);
    badLines.push(...batch.badLines);
    nBytesRead += batch.nBytesRead;
    if (!batch.isMore) return { events, badLines, nBytesRead };
  }
}

/** Makes a log of the given length that has no line end after `start`. */
function writeEndless(runDir: string, start: string, nBytes: number): void {
  const fd = openSync(runPaths.events(runDir), 'w');
  writeSync(fd, start);
  const piece = 'x'.repeat(1 << 20);
  for (let done = 0; done < nBytes;) done += writeSync(fd, piece);
  closeSync(fd);
}

/** Lines that are no events, as crashes, dying disks and other programs leave them. */
const BROKEN = {
  'zeros that a power cut left': Buffer.alloc(4096),
  'bytes that are no UTF-8': Buffer.concat([
    Buffer.from('{"type":"warning","t":1,"problem":{"code":"x","message":"'),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('"}}'),
  ]),
  'a mark of byte order': Buffer.from(`\uFEFF${JSON.stringify(step(1))}`),
  'JSON of 200,000 levels': Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)),
  'an event with 200,000 levels in a field of its own': Buffer.from(
    JSON.stringify({ ...step(1), more: 0 }).replace(':0}', `:${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
  ),
  'a type that is a list': Buffer.from('{"type":["step"],"t":1}'),
  'a time that no calendar has': Buffer.from(JSON.stringify({ type: 'finished', t: 1e300, ms: 1 })),
  'a number instead of an event': Buffer.from('17'),
  'half an event': Buffer.from('{"type":"step","t":1'),
} as const satisfies Record<string, Buffer>;

describe('a log with broken lines', () => {
  it.each(Object.entries(BROKEN))('skips %s, and nothing else', async (_name, bytes) => {
    const dir = tempFolder();
    const before = line(started());
    writeFileSync(runPaths.events(dir), Buffer.concat([Buffer.from(before), bytes, Buffer.from(`\n${line(step(2))}`)]));
    const { events, badLines } = await readEvents(dir);
    expect(events).toEqual([started(), step(2)]);
    expect(badLines).toMatchObject([{ offset: before.length, length: bytes.length }]);
    expect(badLines[0]!.text.length).toBeLessThanOrEqual(200);
    expect(badLines[0]!.reason.length).toBeLessThanOrEqual(200);
  });

  it('reads the line ends of Windows', async () => {
    const dir = tempFolder();
    writeFileSync(runPaths.events(dir), line(started()).replace('\n', '\r\n') + '\r\n\r\n');
    expect(await readEvents(dir)).toMatchObject({ events: [started()], badLines: [] });
  });

  it('skips a line above the limit without keeping it, and tells its place and length', async () => {
    const dir = tempFolder();
    const nBytes = 5 << 20;
    writeEndless(dir, line(started()), nBytes);
    appendFileSync(runPaths.events(dir), `\n${line(step(1))}`);
    const { events, badLines } = await readEvents(dir);
    expect(events).toEqual([started(), step(1)]);
    expect(badLines).toEqual([
      {
        kind: 'too-long',
        offset: line(started()).length,
        length: nBytes,
        text: '',
        reason: expect.stringContaining(String(nBytes)),
      },
    ]);
  });

  it('reads lines up to the limit: a text of nearly 1 MB, and thousands of metrics', async () => {
    const dir = tempFolder();
    const long = { type: 'warning', t: 1, problem: { code: 'x', message: 'x'.repeat(MAX_LINE_BYTES - 100) } } as const;
    const wide = evaluation(1, {
      metrics: Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`m@${i}`, i])),
    });
    writeFileSync(runPaths.events(dir), line(long) + line(wide));
    expect(await readEvents(dir)).toMatchObject({ events: [long, wide], badLines: [] });
  });

  it('counts all bad lines, and keeps the first hundred', async () => {
    const dir = tempFolder();
    writeFileSync(runPaths.events(dir), `${'x\n'.repeat(300_000)}{"type":"step"}\n`);
    const { skipped } = (await foldLog(dir)).state;
    expect(skipped.counts).toEqual({ 'no-json': 300_000, 'no-event': 1, 'too-long': 0, torn: 0 });
    expect(skipped.first.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, i) => 2 * i));
    expect(skippedText(skipped)).toBe(
      'Skipped 300,001 lines of events.jsonl: 300,000 not a JSON object, 1 not an event that this version knows.',
    );
  });
});

describe('an unfinished line', () => {
  it('is read once, however long it is and however often the log is looked at', async () => {
    const dir = tempFolder();
    writeEndless(dir, line(started()), 20 << 20);
    const reader = openEventReader(dir);
    let nBytesRead = 0;
    for (let i = 0; i < 50; i++) {
      nBytesRead += (await readAll(reader)).nBytesRead;
      appendFileSync(runPaths.events(dir), 'y');
    }
    nBytesRead += (await readAll(reader)).nBytesRead;
    expect(nBytesRead).toBe(statSync(runPaths.events(dir)).size);
    appendFileSync(runPaths.events(dir), `\n${line(step(1))}`);
    expect(await readAll(reader)).toMatchObject({ events: [step(1)], badLines: [{ kind: 'too-long' }] });
  });

  it.each([3, 100, MAX_LINE_BYTES + 1])('of %i bytes counts as torn once nobody writes any more, once', async (n) => {
    const dir = tempFolder();
    writeFileSync(runPaths.events(dir), line(started()) + '{'.repeat(n));
    const reader = openEventReader(dir);
    expect((await readAll(reader)).badLines).toEqual([]);
    expect(reader.finish()).toMatchObject({
      events: [],
      badLines: [{ kind: n > MAX_LINE_BYTES ? 'too-long' : 'torn', length: n }],
    });
    expect(reader.finish()).toEqual({ events: [], badLines: [] });
    // A resumed run ends the line before it writes its own.
    appendFileSync(runPaths.events(dir), `\n${line(step(1))}`);
    expect(await readAll(reader)).toMatchObject({ events: [step(1)], badLines: [] });
  });

  it('that lacks its line end alone is the event that it is, once', async () => {
    const dir = tempFolder();
    writeFileSync(runPaths.events(dir), line(started()) + line(step(1)).trimEnd());
    const reader = openEventReader(dir);
    expect((await readAll(reader)).events).toEqual([started()]);
    expect(reader.finish()).toEqual({ events: [step(1)], badLines: [] });
    appendFileSync(runPaths.events(dir), `\n${line(step(2))}`);
    expect((await readAll(reader)).events).toEqual([step(2)]);
  });

  it('is told at the end of a tail of a run whose trainer is gone', async () => {
    const { runDir } = await createRun(tempFolder(), '', { name: 'torn', job: 'train', experimentFile: 'x.yml' });
    await updateRecord(runDir, { status: 'failed' });
    writeFileSync(runPaths.events(runDir), `${line(started())}{"type":"st`);
    const kinds: string[] = [];
    for await (const { badLines } of tailEvents(runDir)) kinds.push(...badLines.map(({ kind }) => kind));
    expect(kinds).toEqual(['torn']);
  });
});

describe('a long log', () => {
  const resumed = (fromStep: number): RunEvent => ({ type: 'resumed', t: 1, fromStep, pid: 2 });

  it('is folded while it is read, to the state of all its events', async () => {
    const dir = tempFolder();
    const events: RunEvent[] = [started(), ONE_OF_EACH.system];
    for (let n = 1; n <= 20_000; n++) events.push(step(n), ...(n % 500 === 0 ? [evaluation(n)] : []));
    events.push(resumed(15_000));
    for (let n = 15_001; n <= 16_000; n++) events.push(step(n, { loss: 7 }));
    writeFileSync(runPaths.events(dir), events.map(line).join(''));
    const whole = foldEvents(NO_EVENTS, events);
    expect((await foldLog(dir)).state).toEqual(whole);
    const { state } = await foldLog(dir, { keptSteps: 100 });
    expect(state.steps.step.length).toBeLessThanOrEqual(200);
    expect(state.steps.loss.slice(-100)).toEqual(whole.steps.loss.slice(-100));
    expect({ ...state, steps: whole.steps, system: whole.system }).toEqual(whole);
  });

  it('of 100,000 resumes is folded in a time that its length explains', async () => {
    const dir = tempFolder();
    const part = Array.from({ length: 1000 }, (_, i) => line(step(i + 1))).join('');
    writeFileSync(runPaths.events(dir), part + (line(resumed(1000)) + line(step(1001))).repeat(100_000));
    const { state } = await foldLog(dir);
    expect(state.resumes).toHaveLength(100_000);
    expect(state.steps.step).toHaveLength(1001);
  });
});
