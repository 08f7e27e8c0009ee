import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/data/random.ts';
import { parseModelConfig } from '../../src/model/model-config.ts';
import { createRanker } from '../../src/model/rankers/rankers.ts';
import { writeSafetensors } from '../../src/model/safetensors.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { TrainerJob } from '../../src/protocol/jobs.ts';
import { createRun } from '../../src/runs/create-run.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readEvents } from '../../src/runs/log/read-events.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const trainer = join(repository, 'dist/trainer.js');

/** A temporary folder that the operating system clears away. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'esci-lab-'));
}

/** A BERT of a few thousand weights beside the bundled tokenizer: real in every part, and trained in seconds. */
export function writeTinyModel(folder: string, maxPositions = 64, nLabels: number | null = 1): string {
  mkdirSync(folder, { recursive: true });
  const config = {
    model_type: 'bert',
    vocab_size: 30522,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: maxPositions,
    type_vocab_size: 2,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-12,
    hidden_dropout_prob: 0.1,
    attention_probs_dropout_prob: 0.1,
    pad_token_id: 0,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(join(repository, 'assets/models/all-MiniLM-L6-v2', name), join(folder, name));
  }
  const random = createRandom(11);
  const options = { nLabels: nLabels ?? 1, pooling: 'mean', isNormalised: true } as const;
  const type = nLabels === null ? 'bi-encoder' : 'cross-encoder';
  const { specs } = createRanker(type, parseModelConfig(config, folder), options);
  const parameters = specs.map(({ name, shape }) => {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    const isNormWeight = /LayerNorm\.weight$/.test(name);
    return [name, { shape, data: data.map(() => (isNormWeight ? 1 : 0) + (random.nextFloat() - 0.5) / 5) }] as const;
  });
  writeSafetensors(join(folder, 'model.safetensors'), new Map(parameters));
  return folder;
}

/** Judged queries as jsonl files of the joined layout: a product is Exact when it shares the query's noun, else less relevant. */
export function writeTinyData(folder: string, nQueries = { train: 12, dev: 4, test: 5 }): string {
  mkdirSync(folder, { recursive: true });
  const nouns = ['lamp', 'kettle', 'backpack', 'keyboard', 'tent', 'mug', 'drill', 'scarf'];
  const random = createRandom(5);
  for (const [split, n] of Object.entries(nQueries)) {
    const lines: string[] = [];
    for (let q = 0; q < n; q++) {
      const noun = nouns[random.nextBelow(nouns.length)]!;
      for (let p = 0; p < 6; p++) {
        const other = nouns[random.nextBelow(nouns.length)]!;
        const isExact = p < 2;
        lines.push(
          JSON.stringify({
            query_id: `${split}${q}`,
            query: `red ${noun} ${q}`,
            product_id: `${split}${q}p${p}`,
            product_title: `${isExact ? noun : other} ${isExact ? 'red' : 'blue'} model ${random.nextBelow(1000)}`,
            product_locale: 'us',
            esci_label: isExact ? 'E' : (['S', 'C', 'I', 'I'] as const)[p - 2],
            small_version: 1,
            large_version: 1,
            split,
          }),
        );
      }
    }
    writeFileSync(join(folder, `${split}.jsonl`), `${lines.join('\n')}\n`);
  }
  return folder;
}

/** The YAML of an experiment on a tiny model and tiny data; `hyperparameters` are lines of the section. */
export function tinyExperiment(
  modelFolder: string,
  dataFolder: string,
  hyperparameters: Readonly<Record<string, number | string | boolean>> = {},
  type = 'cross-encoder',
): string {
  const options = {
    num_epochs: 3,
    batch_size: 8,
    learning_rate: '1.0e-3',
    warmup_ratio: 0.1,
    max_length: 32,
    eval_steps: 4,
    early_stopping_patience: 100,
    ...hyperparameters,
  };
  return [
    `model: { name: ${JSON.stringify(modelFolder)}, type: ${type} }`,
    `data: { uri: ${JSON.stringify(dataFolder)} }`,
    'hyperparameters:',
    ...Object.entries(options).map(([key, value]) => `  ${key}: ${value}`),
    '',
  ].join('\n');
}

/** A new run folder for the experiment. */
export async function newRun(runsFolder: string, experiment: string): Promise<string> {
  const experimentFile = join(runsFolder, 'experiment.yml');
  return (await createRun(runsFolder, experiment, { name: 'tiny', job: 'train', experimentFile })).runDir;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Where a trainer runs, with what environment on top of this process's, and the open file that takes its output. */
export interface TrainerSurroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: number;
}

/** A trainer as a real child process; `kill` sends it a signal. */
export function startTrainer(
  job: TrainerJob,
  { cwd, env, log }: TrainerSurroundings = {},
): {
  readonly done: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
} {
  const child = spawn(process.execPath, [trainer, JSON.stringify(job)], {
    stdio: ['ignore', log ?? 'pipe', log ?? 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  return {
    done: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output }))),
    kill: (signal) => child.kill(signal),
  };
}

/** Runs a training to its end, whatever that is. */
export function runTrainer(runDir: string, resume = false): Promise<Finished> {
  return startTrainer({ kind: 'train', runDir, resume }).done;
}

/** Resolves once the run's log has an event that fits. */
export async function untilEvent(runDir: string, fits: (text: string) => boolean): Promise<void> {
  while (!(existsSync(runPaths.events(runDir)) && fits(readFileSync(runPaths.events(runDir), 'utf8')))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a run's events say once times, throughput and machine are left out. */
export async function reproducibleEvents(runDir: string): Promise<unknown[]> {
  const { events } = await readEvents(runDir);
  return events
    .filter((event: RunEvent) => !['system', 'progress', 'resumed', 'checkpoint'].includes(event.type))
    .map((event) =>
      Object.fromEntries(Object.entries(event).filter(([key]) => !['t', 'ms', 'pid', 'runId'].includes(key))),
    );
}
