import type { Experiment } from '../../config/experiment.ts';
import { totalMs, type ProbeReport } from '../../protocol/probe.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { counted, countText } from '../../vocabulary/words/number.ts';
import { partText } from '../../vocabulary/words/share.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import type { Paint } from './paint.ts';

/** A dry run's report as lines of text. */
export function formatProbe(report: ProbeReport, experiment: Experiment, paint: Paint): string[] {
  const { model, hyperparameters: options, device } = experiment;
  const { data, tokens, cost, samples } = report;
  const row = (name: string, text: string): string => `${paint('dim', name.padEnd(10))}${text}`;
  const nLabelled = data.nJudgements.train;
  const labels = Object.entries(data.labels).map(([label, n]) => `${label} ${partText(n, nLabelled)}`);
  const counts = (['train', 'dev', 'test'] as const).map(
    (split) => `${split} ${counted(data.nQueries[split], 'query', 'queries')} / ${countText(data.nJudgements[split])}`,
  );
  return [
    row('model', `${model.name} as ${model.type}, ${countText(report.nParameters)} parameters${trainedText(report)}`),
    row('data', `${data.source}${data.isSynthetic ? ' (synthetic)' : ''}`),
    row('', `${counts.join(', ')} judgements`),
    row('labels', `${labels.join('  ')} (train)`),
    row(
      'tokens',
      `mean ${tokens.mean.toFixed(1)}, 95 % up to ${tokens.p95}, longest ${tokens.max}; ${partText(tokens.nTruncated, tokens.nSequences)} truncated at ${options.max_length}`,
    ),
    row(
      'steps',
      `${countText(report.totalSteps)} of ${options.batch_size} pairs (${counted(options.num_epochs, 'epoch')}), evaluation on dev every ${report.evalSteps}`,
    ),
    row(
      'time',
      `about ${durationText(totalMs(report))} on ${device}: training ${durationText(cost.trainMs)}, dev ${durationText(cost.evaluateMs)}, test ${durationText(cost.testMs)}`,
    ),
    row('memory', `about ${bytesText(cost.memoryBytes)}`),
    row('disk', `about ${bytesText(cost.diskBytes)}; ${bytesText(cost.freeDiskBytes)} free`),
    '',
    ...samples.flatMap(({ label, sequences }) => sequences.map((text, i) => `${i === 0 ? label : ' '}  ${text}`)),
    ...report.warnings.map((warning) => `${paint('yellow', 'note')}  ${warning}`),
  ];
}

function trainedText({ nParameters, nTrained }: ProbeReport): string {
  return nTrained === nParameters ? '' : `, ${countText(nTrained)} of them trained`;
}
