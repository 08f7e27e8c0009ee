import { ProtoWriter } from '../graph/protobuf.ts';
import type { RunEvent } from '../protocol/events.ts';

/** A number that TensorBoard draws: a point of the curve `tag`. */
interface Scalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

/** The bytes of a TensorBoard event file with the run's curves: tensorflow.Event records in TFRecord framing. */
export function tensorBoardFile(events: readonly RunEvent[]): Uint8Array {
  const first = events[0]?.t ?? 0;
  const version = new ProtoWriter().double(1, first / 1000).string(3, 'brain.Event:2');
  const records = [version.concat(), ...events.map((event) => encodeEvent(event)).filter((record) => record !== null)];
  return Buffer.concat(records.map(frame));
}

/** tensorflow.Event: 1 wall_time (seconds), 2 step, 5 summary {1 value {1 tag, 2 simple_value}}. */
function encodeEvent(event: RunEvent): Uint8Array | null {
  const scalars = scalarsOf(event);
  if (scalars.length === 0) return null;
  const summary = new ProtoWriter();
  for (const { tag, value } of scalars) summary.message(1, new ProtoWriter().string(1, tag).float(2, value));
  return new ProtoWriter()
    .double(1, event.t / 1000)
    .int(2, scalars[0]!.step)
    .message(5, summary)
    .concat();
}

function scalarsOf(event: RunEvent): Scalar[] {
  if (event.type === 'step') {
    const { step, loss, lr, gradNorm, epoch } = event;
    return [
      { tag: 'train/loss', step, value: loss },
      { tag: 'train/learning_rate', step, value: lr },
      { tag: 'train/grad_norm', step, value: gradNorm },
      { tag: 'train/epoch', step, value: epoch },
    ];
  }
  if (event.type !== 'evaluation') return [];
  const { step, loss, metrics } = event;
  const ranking = Object.entries(metrics).map(([name, value]) => ({ tag: `eval/${name}`, step, value }));
  return [{ tag: 'eval/loss', step, value: loss }, ...ranking];
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
