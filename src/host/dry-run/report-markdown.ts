import type { Experiment } from '../../config/experiment.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import { totalMs, type ProbeReport } from '../../protocol/probe.ts';
import { visibleText } from '../../protocol/visible-text.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { countText } from '../../vocabulary/words/number.ts';
import { partText } from '../../vocabulary/words/share.ts';
import { bytesText } from '../../vocabulary/words/size.ts';
import { escapeMarkdownLine } from '../plain-text.ts';

/** A dry run's report as a Markdown document. Texts of model and data are shown as they are, never as markup. */
export function reportMarkdown(name: string, report: ProbeReport, experiment: Experiment): string {
  const { model, hyperparameters: options, device } = experiment;
  const { data, tokens, cost } = report;
  const rows: [string, string][] = [
    [
      'Time',
      `about **${durationText(totalMs(report))}** on ${device}: training ${durationText(cost.trainMs)}, evaluations on dev ${durationText(cost.evaluateMs)}, test ${durationText(cost.testMs)}. Early stopping makes it shorter.`,
    ],
    ['Memory', `about ${bytesText(cost.memoryBytes)}`],
    ['Disk', `about ${bytesText(cost.diskBytes)}; ${bytesText(cost.freeDiskBytes)} free`],
    [
      'Steps',
      `${countText(report.totalSteps)} of ${options.batch_size} pairs, ${options.num_epochs} × ${countText(report.nTrainPairs)} pairs; evaluation on dev every ${countText(report.evalSteps)}`,
    ],
    [
      'Model',
      `${code(model.name)} as ${model.type}: ${countText(report.nParameters)} parameters, ${countText(report.nTrained)} of them trained`,
    ],
    ['Data', `${code(data.source)}${data.isSynthetic ? ' (synthetic)' : ''}`],
    ...(['train', 'dev', 'test'] as const).map((split): [string, string] => [
      `– ${split}`,
      `${countText(data.nQueries[split])} queries, ${countText(data.nJudgements[split])} judgements`,
    ]),
    [
      'Labels',
      Object.entries(data.labels)
        .map(([label, n]) => `${label} ${partText(n, data.nJudgements.train)}`)
        .join(' · '),
    ],
    [
      'Tokens',
      `${tokens.mean.toFixed(1)} on average, 95 % up to ${tokens.p95}, longest ${tokens.max}; **${partText(tokens.nTruncated, tokens.nSequences)}** truncated at ${code(`max_length: ${options.max_length}`)}`,
    ],
  ];
  return [
    `# Dry run of ${escapeMarkdownLine(name)}`,
    '',
    `Nothing was started. Times are of ${report.cost.nTimedSteps} real training steps on this machine, as busy as it was.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([key, value]) => `| ${key} | ${value} |`),
    ...(report.warnings.length === 0
      ? []
      : ['', '## Worth knowing', '', ...report.warnings.map((warning) => `- ${escapeMarkdownLine(warning)}`)]),
    '',
    '## What the model reads',
    '',
    ...report.samples.flatMap(({ label, sequences }) => [
      `**${label}**`,
      '',
      ...sequences.flatMap((text) => [indented(text), '']),
    ]),
  ].join('\n');
}

/** As inline code in a table cell, whatever ticks and bars it holds. */
function code(text: string): string {
  const line = visibleText(text.replace(/\s+/g, ' ')).replaceAll('|', '\\|');
  const fence = '`'.repeat(
    maxOf(
      [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length),
      0,
    ) + 1,
  );
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** As a code block: indented, so that no text can end it. */
function indented(text: string): string {
  return `    ${visibleText(text.replace(/\s*[\r\n]\s*/g, ' '))}`;
}
