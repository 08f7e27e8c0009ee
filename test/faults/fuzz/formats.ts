import type { FuzzFormat } from './format.ts';
import { csv, jsonl, tsv } from './formats/delimited.ts';
import { events } from './formats/events.ts';
import { hub } from './formats/hub.ts';
import { modelConfig, safetensors } from './formats/model-folder.ts';
import { parquet } from './formats/parquet.ts';
import { rankings } from './formats/rankings.ts';
import { hostMessages, panelMessages } from './formats/rpc.ts';
import { checkpointState, runRecord } from './formats/run-record.ts';
import { tokenizer } from './formats/tokenizer.ts';
import { probeMessage, trainerJob } from './formats/trainer-messages.ts';
import { qrels, trecRun } from './formats/trec.ts';
import { yaml } from './formats/yaml.ts';

/** Everything that the product reads and others may have written. */
export const FORMAT_NAMES = [
  'yaml',
  'parquet',
  'csv',
  'tsv',
  'jsonl',
  'safetensors',
  'model-config',
  'tokenizer',
  'qrels',
  'trec-run',
  'events',
  'rankings',
  'run-record',
  'checkpoint-state',
  'host-messages',
  'panel-messages',
  'trainer-job',
  'probe-message',
  'hub',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** How each is made and read. */
export const FORMATS: { readonly [K in FormatName]: FuzzFormat } = {
  yaml,
  parquet,
  csv,
  tsv,
  jsonl,
  safetensors,
  'model-config': modelConfig,
  tokenizer,
  qrels,
  'trec-run': trecRun,
  events,
  rankings,
  'run-record': runRecord,
  'checkpoint-state': checkpointState,
  'host-messages': hostMessages,
  'panel-messages': panelMessages,
  'trainer-job': trainerJob,
  'probe-message': probeMessage,
  hub,
};
