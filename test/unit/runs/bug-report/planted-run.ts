import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { RUN_VERSION } from '../../../../src/protocol/run-record.ts';
import { annotate } from '../../../../src/runs/annotation.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { copyRecordedRuns } from '../../../runs/recorded.ts';
import { ONE_OF_EACH } from '../events.ts';

/** Texts that a report must never hold, in words that occur nowhere else. */
export const PLANTED = {
  query: 'quokka lantern xl',
  title: 'Zephyrine Walnut Espresso Grindotron 3000',
  productId: 'B07QUOKKAID',
  note: 'ask Bartholomea about the marmalade contract',
  tag: 'confidential-narwhal',
  token: 'hf_QzPlantedTokenQzPlantedToken',
  password: 'pa55-wombat-w0rd',
  home: '/home/marguerite.planted',
  experiment: 'marzipan-launch',
} as const;

/** What has to be absent from the bytes of a report: the words of every planted text, the person and the machine. */
export function forbidden(): string[] {
  const words = Object.values(PLANTED).flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const names = [userInfo().username, hostname()].filter((name) => name.length >= 3);
  const common = ['about', 'the', 'home', 'contract', 'launch', 'ask', 'xl', '3000', 'token'];
  const distinct = words.filter((word) => word.length >= 4 && !common.includes(word.toLowerCase()));
  return [...new Set([...distinct, ...names])];
}

/** Everything at once, as a message that quotes it. */
const ALL = Object.values(PLANTED).join(' / ');

const LOG = [
  `${PLANTED.home}/data/train.csv: row 12: found "${PLANTED.query}", expected E, S, C or I for “${PLANTED.title}”.`,
  `Correct ${PLANTED.productId}.`,
  `TypeError: Cannot read properties of undefined (reading '${PLANTED.query}')`,
  `    at scoreQueries (file://${PLANTED.home}/.vscode/extensions/esci-lab/dist/trainer.js:1204:17)`,
  `    at async ${PLANTED.home}/${PLANTED.experiment}/dist/trainer.js:88:3`,
  `    at quokka (${PLANTED.home}/${PLANTED.experiment}/lantern.js:1:2)`,
  `    at InferenceSession.run (${PLANTED.home}/node_modules/onnxruntime-common/dist/cjs/inference-session-impl.js:96:40)`,
  '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  `  [cause]: Error: ENOSPC: no space left on device, write '${PLANTED.home}/x'`,
  "    code: 'ENOSPC',",
  `    path: '${PLANTED.home}/${PLANTED.experiment}'`,
  `Error: ${ALL}`,
  `Authorization: Bearer ${PLANTED.token}`,
  `HF_TOKEN=${PLANTED.token} https://marguerite:${PLANTED.password}@example.org/`,
  `2026-11-27 05:52:57.123456789 [W:onnxruntime:, graph.cc:4285 CleanUnusedInitializers] Removing ${PLANTED.query}`,
  `[E:onnxruntime:, sequential_executor.cc:516 ExecuteKernel] ${PLANTED.title}`,
  `(node:1234) ExperimentalWarning: ${PLANTED.note}`,
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ALL,
];

/**
 * A recorded run in whose every file every planted text stands wherever a text can: as values and as keys, in events of all types, in the record,
 * the experiment, the log, the annotation and names of files.
 */
export async function plantedRun(runsFolder: string): Promise<string> {
  const [recorded] = await copyRecordedRuns(runsFolder);
  const runDir = join(dirname(recorded), `20261125-120000-${PLANTED.experiment}-a1b2c3`);
  renameSync(recorded, runDir);
  const record: unknown = JSON.parse(readFileSync(runPaths.record(runDir), 'utf8'));
  const problem = { code: 'loss-not-finite', message: ALL, where: ALL, next: ALL };
  const planted = plant({
    problem,
    git: { commit: 'x', isDirty: true },
    baseline: 'x',
    ...(record as object),
  }) as object;
  // What a list needs to show the run at all.
  const readable = { ...planted, job: 'train', status: 'failed', version: RUN_VERSION };
  writeFileSync(runPaths.record(runDir), JSON.stringify(readable));
  for (const event of Object.values(ONE_OF_EACH)) {
    const { type, ...fields } = event;
    appendFileSync(runPaths.events(runDir), `${JSON.stringify({ type, ...(plant(fields) as object) })}\n`);
  }
  appendFileSync(runPaths.events(runDir), `{"type":"failed","t":1,"step":7,"problem":${JSON.stringify(problem)}}\n`);
  appendFileSync(runPaths.events(runDir), `${JSON.stringify({ type: ALL, [ALL]: ALL })}\n${ALL}\n"${ALL}"\n`);
  writeFileSync(runPaths.log(runDir), `${LOG.join('\n')}\n`);
  writeFileSync(
    runPaths.experiment(runDir),
    [
      `# ${ALL}`,
      `model: { name: "${PLANTED.home}/${PLANTED.experiment}", type: "cross encoder", revision: "${PLANTED.token}" }`,
      `data: { uri: "https://marguerite:${PLANTED.password}@example.org/${PLANTED.tag}", product_fields: [product_title, "${PLANTED.title}"] }`,
      `hyperparameters: { learning_rate: 2e-5, lr_scheduler: "${PLANTED.tag}", seed: "${PLANTED.query}" }`,
      `artifacts_path: { output_dir: "${PLANTED.home}/out" }`,
      `"${PLANTED.note}": "${PLANTED.title}"`,
      '',
    ].join('\n'),
  );
  await annotate(runDir, { title: PLANTED.title, tags: [PLANTED.tag], note: PLANTED.note });
  mkdirSync(join(runDir, PLANTED.experiment));
  for (const name of [`${PLANTED.query}.csv`, PLANTED.tag, `.${PLANTED.query}.0a1b2c3d.tmp`]) {
    writeFileSync(join(runDir, PLANTED.experiment, name), ALL);
  }
  return runDir;
}

/** Every text of a value replaced by the planted ones, and each object with planted keys beside its own. */
function plant(value: unknown): unknown {
  if (typeof value === 'string') return ALL;
  if (Array.isArray(value)) return [...value.map(plant), ALL];
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).map(([key, item]) => [key, plant(item)]);
  return { ...Object.fromEntries(own), [PLANTED.query]: 1, [PLANTED.tag]: ALL };
}
