import { metricText } from '../../vocabulary/words/metric.ts';
import type { Experiment } from '../../config/experiment.ts';
import { findMetric } from '../../metrics/metric-table.ts';
import type { CardWords } from '../../model/rankers/ranker.ts';
import type { MetricValues } from '../../protocol/events.ts';
import { ownOf } from '../../vocabulary/own.ts';

export interface CardFacts {
  readonly runId: string;
  readonly experiment: Experiment;
  /** Of the ranker's type. */
  readonly words: CardWords;
  readonly dataSource: string;
  readonly isSynthetic: boolean;
  /** Id of the run that stands in the table as `baseline`. */
  readonly baseline: string | undefined;
  /** Test metrics by ranker. */
  readonly test: Readonly<Record<string, MetricValues>>;
}

/** Model card of a fine-tuned ranker: how it was made, and the test table. */
export function modelCard({ runId, experiment, words, dataSource, isSynthetic, baseline, test }: CardFacts): string {
  const { model, data, hyperparameters } = experiment;
  const rankers = Object.keys(test);
  const metrics = experiment.evaluation.metrics;
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const value = (ranker: string, metric: string): string => metricText(ownOf(test[ranker], metric));
  const frontMatter = [
    '---',
    `library_name: ${words.library}`,
    `pipeline_tag: ${words.pipeline}`,
    ...(model.name.includes(':') || model.name.startsWith('/') || model.name.startsWith('.')
      ? []
      : [`base_model: ${JSON.stringify(model.name)}`]),
    'tags: [product-search, esci, ranking]',
    '---',
  ];
  return [
    ...frontMatter,
    `# ${runId}`,
    '',
    `A ${model.type} for product search, fine-tuned from \`${model.name}\` on \`${data.uri}\` (${dataSource}) with ESCI Lab.`,
    ...(isSynthetic
      ? ['', '**The data is synthetic**: the numbers show that the tool works, not ranking quality.']
      : []),
    '',
    '## Test results',
    row(['metric', ...rankers]),
    row(['---', ...rankers.map(() => '---:')]),
    ...metrics.map((metric) =>
      row([findMetric(metric)?.label ?? metric, ...rankers.map((ranker) => value(ranker, metric))]),
    ),
    ...(baseline === undefined ? [] : ['', `\`baseline\` is the model of run \`${baseline}\`.`]),
    '',
    '## Training',
    `Loss ${hyperparameters.loss_function}, ${hyperparameters.num_epochs} epoch(s), batch ${hyperparameters.batch_size}, AdamW at ${hyperparameters.learning_rate}` +
      ` (${hyperparameters.lr_scheduler}, warm-up ratio ${hyperparameters.warmup_ratio}), max length ${hyperparameters.max_length}, seed ${hyperparameters.seed}.`,
    '',
    '## Use',
    '```python',
    ...words.usage,
    '```',
    'The same model is in `onnx/model.onnx` for transformers.js and onnxruntime.',
    '',
  ].join('\n');
}
