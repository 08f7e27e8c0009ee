import { ProtoWriter } from '../../graph/protobuf.ts';
import type { RunState, StepColumn } from '../../protocol/run-state.ts';

/** Numbers that TensorBoard draws, of one moment of a run. */
interface Scalars {
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly step: number;
  /** Curve → value. */
  readonly values: readonly (readonly [tag: string, value: number])[];
}

/** The bytes of a TensorBoard event file with the run's curves: tensorflow.Event records in TFRecord framing. */
export function tensorBoardFile(state: RunState): Uint8Array {
  const first = state.started?.t ?? 0;
  const version = new ProtoWriter().double(1, first / 1000).string(3, 'brain.Event:2');
  return Buffer.concat([version.concat(), ...Array.from(scalarsOf(state), encodeScalars)].map(frame));
}

/** tensorflow.Event: 1 wall_time (seconds), 2 step, 5 summary {1 value {1 tag, 2 simple_value}}. */
function encodeScalars({ t, step, values }: Scalars): Uint8Array {
  const summary = new ProtoWriter();
  for (const [tag, value] of values) summary.message(1, new ProtoWriter().string(1, tag).float(2, value));
  return new ProtoWriter()
    .double(1, t / 1000)
    .int(2, step)
    .message(5, summary)
    .concat();
}

/** Curves of the training steps. */
const STEP_CURVES = [
  ['loss', 'train/loss'],
  ['lr', 'train/learning_rate'],
  ['gradNorm', 'train/grad_norm'],
  ['epoch', 'train/epoch'],
] as const satisfies readonly (readonly [StepColumn, string])[];

/** Steps, and each evaluation after its step, as the run wrote them. */
function* scalarsOf({ steps, evaluations }: RunState): Generator<Scalars> {
  let nEvaluations = 0;
  function* evaluationsUpTo(step: number): Generator<Scalars> {
    for (; nEvaluations < evaluations.length && evaluations[nEvaluations]!.step <= step; nEvaluations++) {
      const { t, step: at, loss, metrics } = evaluations[nEvaluations]!;
      const ranking = Object.entries(metrics).map(([name, value]) => [`eval/${name}`, value] as const);
      yield { t, step: at, values: [['eval/loss', loss], ...ranking] };
    }
  }
  for (const [row, step] of steps.step.entries()) {
    yield* evaluationsUpTo(step - 1);
    const values = STEP_CURVES.map(([name, tag]) => [tag, steps[name][row]!] as const);
    yield { t: steps.t[row]!, step, values };
  }
  yield* evaluationsUpTo(Infinity);
}

/** TFRecord: length (uint64), masked CRC of the length, data, masked CRC of the data; little-endian. */
function frame(data: Uint8Array): Buffer {
  const record = Buffer.alloc(16 + data.length);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}

function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli, reflected polynomial 0x82f63b78, RFC 3720). */
function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
