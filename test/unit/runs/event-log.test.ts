import { appendFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent, WarningEvent } from '../../../src/protocol/events.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { openEventReader, readEvents } from '../../../src/runs/log/read-events.ts';
import { ONE_OF_EACH, started, step } from './events.ts';
import { tempFolder } from './temp-folder.ts';

const ALL: readonly RunEvent[] = Object.values(ONE_OF_EACH);

const warning = (message: string): WarningEvent => ({ type: 'warning', t: 1, problem: { code: 'x', message } });

describe('the event log', () => {
  it('of a problem that quotes a megabyte is cut to what readers take', async () => {
    const dir = tempFolder();
    const log = openEventLog(dir);
    log.append({ t: 1, type: 'failed', problem: { code: 'x', message: 'é'.repeat(2 ** 20), next: 'n' } });
    log.close();
    const { events, badLines } = await readEvents(dir);
    expect(badLines).toEqual([]);
    expect(events).toEqual([{ t: 1, type: 'failed', problem: { code: 'x', message: 'é'.repeat(10_000), next: 'n' } }]);
  });

  it('gives back what was appended, one line an event', async () => {
    const dir = tempFolder();
    const log = openEventLog(dir);
    log.append(...ALL);
    log.append();
    log.append(step(2));
    log.close();
    const batch = await readEvents(dir);
    expect(batch.events).toEqual([...ALL, step(2)]);
    expect(batch.badLines).toEqual([]);
    const text = readFileSync(runPaths.events(dir), 'utf8');
    expect(text.split('\n').length).toBe(ALL.length + 2);
    expect(batch.offset).toBe(Buffer.byteLength(text));
  });

  it('refuses what readers would not understand, and writes nothing of it', () => {
    const dir = tempFolder();
    const log = openEventLog(dir);
    expect(() => log.append(step(1), step(2, { loss: NaN }))).toThrow(/loss: found NaN/);
    log.close();
    expect(statSync(runPaths.events(dir)).size).toBe(0);
  });

  it.each([1, 7, 40])('loses only the line that a crash tore, cut %i bytes before its end', async (nCut) => {
    const dir = tempFolder();
    const path = runPaths.events(dir);
    const log = openEventLog(dir);
    log.append(started(), step(1), warning('ü'.repeat(40)));
    log.close();
    truncateSync(path, statSync(path).size - nCut);
    const torn = await readEvents(dir);
    expect(torn.events).toEqual([started(), step(1)]);
    expect(torn.badLines).toEqual([]);
    const again = openEventLog(dir);
    again.append({ type: 'resumed', t: 2, fromStep: 1, pid: 9 });
    again.append(step(2));
    again.close();
    const { events, badLines } = await readEvents(dir);
    expect(events.filter((e) => e.type !== 'warning')).toEqual([
      started(),
      step(1),
      { type: 'resumed', t: 2, fromStep: 1, pid: 9 },
      step(2),
    ]);
    // Cut by its line end alone, the line is whole after all.
    expect(badLines.length).toBe(nCut === 1 ? 0 : 1);
  });
});

describe('the event reader', () => {
  it('reads a file that grows byte by byte, characters of several bytes included', async () => {
    const dir = tempFolder();
    const events = [started(), warning('größer 商品 🛒'), step(1)];
    const bytes = Buffer.from(events.map((e) => `${JSON.stringify(e)}\n`).join(''));
    const reader = openEventReader(dir);
    expect(await reader.read()).toMatchObject({ events: [], badLines: [], offset: 0, isRestart: false });
    const seen: RunEvent[] = [];
    for (let i = 0; i < bytes.length; i++) {
      appendFileSync(runPaths.events(dir), bytes.subarray(i, i + 1));
      const batch = await reader.read();
      expect(batch.isRestart).toBe(false);
      expect(batch.events.length).toBe(bytes[i] === 0x0a ? 1 : 0);
      seen.push(...batch.events);
    }
    expect(seen).toEqual(events);
  });

  it('reads lines across the borders of its chunks', async () => {
    const dir = tempFolder();
    const events = Array.from({ length: 40 }, (_, i) => warning(`${i} ${'商品'.repeat(20_000)}`));
    writeFileSync(runPaths.events(dir), events.map((e) => `${JSON.stringify(e)}\n`).join(''));
    const batch = await readEvents(dir);
    expect(batch.events).toEqual(events);
    expect(batch.offset).toBe(statSync(runPaths.events(dir)).size);
  });

  it('goes on from an offset', async () => {
    const dir = tempFolder();
    const log = openEventLog(dir);
    log.append(started(), step(1));
    const { offset } = await readEvents(dir);
    log.append(step(2));
    log.close();
    expect((await openEventReader(dir, offset).read()).events).toEqual([step(2)]);
  });

  it('starts anew when the file was cut or replaced', async () => {
    const dir = tempFolder();
    const path = runPaths.events(dir);
    const line = (e: RunEvent) => `${JSON.stringify(e)}\n`;
    const reader = openEventReader(dir);
    writeFileSync(path, line(started()) + line(step(1)));
    await reader.read();
    writeFileSync(path, line(step(5)));
    expect(await reader.read()).toMatchObject({ events: [step(5)], isRestart: true });
    writeFileSync(join(dir, 'new'), line(step(6)) + line(step(7)) + line(step(8)));
    renameSync(join(dir, 'new'), path);
    expect(await reader.read()).toMatchObject({ events: [step(6), step(7), step(8)], isRestart: true });
    expect(await reader.read()).toMatchObject({ events: [], isRestart: false });
  });

  it('skips and reports lines that are no events', async () => {
    const dir = tempFolder();
    const good = `${JSON.stringify(step(1))}\n`;
    writeFileSync(runPaths.events(dir), `${good}{"type":"step"\n\n{"type":"step","t":1}\r\n${good}`);
    const { events, badLines } = await readEvents(dir);
    expect(events).toEqual([step(1), step(1)]);
    expect(badLines.map((b) => b.offset)).toEqual([good.length, good.length + 16]);
    expect(badLines[1]?.reason).toContain('step: found nothing');
  });

  it('refuses the log of a newer version', async () => {
    const dir = tempFolder();
    writeFileSync(runPaths.events(dir), '{"type":"started","version":2,"what":"else"}\n');
    await expect(readEvents(dir)).rejects.toMatchObject({ problem: { code: 'newer-version' } });
  });
});
