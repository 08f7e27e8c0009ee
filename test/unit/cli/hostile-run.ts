import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { annotate } from '../../../src/runs/annotation.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { openRankingsWriter } from '../../../src/rankings/rankings-writer.ts';
import { updateRecord } from '../../../src/runs/record.ts';
import { evaluation, ONE_OF_EACH, started, step } from '../runs/events.ts';

/** What a terminal would obey: title, clipboard, erasing, colours, other character sets, 8-bit forms, direction of text. */
export const PLANTED = [
  '\u001b]0;title\u0007',
  '\u001b]52;c;Y2FsYw==\u001b\\',
  '\u001b[2J\u001b[H',
  '\u001b[31mred\u001b[0m',
  '\u001b[1m',
  '\u001bP+q\u001b\\',
  '\u001b(0',
  '\u009b2J',
  '\u009d0;x\u009c',
  '\r\u001b[2K',
  '\u0000\u0001\u0008\u000e\u0010\u007f',
  '\u202egnp.exe\u2066\u2069\u202c',
].join('x');

/** A run whose every text is hostile, below a runs folder; `as` is the state it shows. */
export async function hostileRun(runs: string, as: 'finished' | 'failed'): Promise<{ id: string; runDir: string }> {
  const problem = { code: 'x', message: `m${PLANTED}`, where: `w${PLANTED}`, next: `n${PLANTED}` };
  const run = { name: `name${PLANTED}`, job: 'train', experimentFile: `/x/${PLANTED}.yml` } as const;
  const text = JSON.stringify({ model: { name: `model${PLANTED}` }, data: { uri: 'd', [PLANTED]: [PLANTED] } });
  const { runDir, record } = await createRun(runs, text, run);
  const metrics = { [`metric${PLANTED}`]: 0.5 };
  await updateRecord(runDir, {
    status: as,
    startedAt: 0,
    endedAt: 1000,
    headline: `metric${PLANTED}`,
    git: { commit: PLANTED },
    machine: { platform: PLANTED, arch: PLANTED, cpu: PLANTED, nCores: 1, memoryBytes: 1, node: PLANTED },
    data: {
      fingerprint: PLANTED,
      source: PLANTED,
      isSynthetic: true,
      nQueries: { train: 1, dev: 1, test: 1 },
      nJudgements: { train: 1, dev: 1, test: 1 },
    },
    test: { pretrained: metrics, 'fine-tuned': metrics },
    ...(as === 'failed' ? { problem } : {}),
  });
  await annotate(runDir, {
    title: `title${PLANTED}`,
    tags: [`tag${PLANTED}`],
    note: `note${PLANTED}`,
    isBaseline: true,
  });
  writeFileSync(runPaths.log(runDir), `log${PLANTED}\n`);
  const { test, comparison, progress } = ONE_OF_EACH;
  const events: RunEvent[] = [
    started({ device: PLANTED, headline: `metric${PLANTED}` }),
    { ...progress, what: `bytes of ${PLANTED}` },
    step(1),
    evaluation(1, { metrics }),
    { type: 'checkpoint', t: 1, step: 3, name: PLANTED, bytes: 1 },
    { type: 'warning', t: 1, problem },
    { ...test, ranker: 'pretrained', metrics, excluded: { [PLANTED]: 1 } },
    { ...test, ranker: 'fine-tuned', metrics, excluded: {} },
    { ...comparison, metric: `metric${PLANTED}` },
    as === 'failed' ? { type: 'failed', t: 2, problem } : { type: 'finished', t: 2, ms: 1 },
  ];
  const log = openEventLog(runDir);
  log.append(...events);
  log.close();
  const writer = await openRankingsWriter(runDir, 'test');
  const scores = { pretrained: Float32Array.of(0.1, 0.9), 'fine-tuned': Float32Array.of(0.9, 0.1) };
  const products = (['E', 'I'] as const).map((label, i) => ({
    id: `p${i}${PLANTED}`,
    title: `product${PLANTED}`,
    label,
  }));
  for (const i of [1, 2]) {
    const byRanker = { pretrained: metrics, 'fine-tuned': { [`metric${PLANTED}`]: 0.5 + i / 10 } };
    await writer.add({ id: `q${i}${PLANTED}`, text: `query${PLANTED}`, products, scores, metrics: byRanker });
  }
  await writer.finish();
  return { id: record.id, runDir };
}

/** A folder of no run's name, whose run.json cannot be read. */
export function hostileFolder(runs: string): void {
  const folder = join(runs, `20260102-030405-x-abcdef${PLANTED.replaceAll('\0', '').replaceAll('/', '')}`);
  const plain = join(runs, 'plain');
  mkdirSync(plain);
  writeFileSync(join(plain, 'run.json'), JSON.stringify({ [PLANTED]: PLANTED, name: PLANTED }));
  renameSync(plain, folder);
}
