import { csvText } from '../../src/vocabulary/words/csv.ts';
import { lowerBound } from '../shared/reduce.ts';
import type { RunSnapshot } from './run-snapshot.ts';
import { ownOf } from '../../src/vocabulary/own.ts';

/** Every step of a run as a row; dev values stand at the steps that were evaluated, the machine's latest sample at all. */
export function runToCsv({ steps, system, evaluations }: RunSnapshot): string {
  const metrics = Object.keys(evaluations[0]?.metrics ?? {});
  const at = new Map(evaluations.map((e) => [e.step, e]));
  const columns = ['step', 'epoch', 't', 'loss', 'lr', 'gradNorm', 'nPairs', 'nTokens', 'ms'] as const;
  const header = ['step', 'epoch', 'time', 'train_loss', 'learning_rate', 'gradient_norm', 'pairs', 'tokens', 'ms'];
  const values = columns.map((name) => steps.column(name));
  const times = system.column('t');
  const machine = [system.column('cpu'), system.column('rss'), system.column('gpu'), system.column('gpuMemory')];

  function* rows() {
    for (let i = 0; i < steps.length; i++) {
      const row = values.map((column) => column[i]);
      const t = values[2]![i]!;
      const sample = lowerBound(times, t + 1) - 1;
      const evaluation = at.get(values[0]![i]!);
      const dev = [evaluation?.loss, ...metrics.map((name) => ownOf(evaluation?.metrics, name))];
      yield [
        ...row.with(2, undefined).map((v, c) => (c === 2 ? new Date(t).toISOString() : v)),
        ...machine.map((column) => column[sample]),
        ...dev,
      ];
    }
  }
  header.push('cpu_share', 'memory_bytes', 'gpu_share', 'gpu_memory_bytes');
  return csvText([...header, 'dev_loss', ...metrics.map((name) => `dev_${name}`)], rows());
}
