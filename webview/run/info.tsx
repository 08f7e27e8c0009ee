import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import type { RunDataCalls } from '../../src/protocol/panels/run-data.ts';
import type { Caller } from '../../src/protocol/rpc.ts';
import { timeText } from '../../src/vocabulary/words/time.ts';
import { countText } from '../../src/vocabulary/words/number.ts';
import { bytes } from '../shared/format.ts';
import type { KeptState } from '../shared/host.ts';
import { isOver } from '../../src/vocabulary/status.ts';
import { Button } from '../shared/ui/button.tsx';
import { Tabs } from '../shared/ui/tabs.tsx';
import type { RunSnapshot } from './run-snapshot.ts';
import type { RunPanelState } from './state.ts';

const LOG_LINES = 400;
const LOG_EVERY_MS = 2000;

export interface InfoProps {
  readonly run: RunSnapshot;
  readonly state: KeptState<RunPanelState>;
  readonly data: Caller<RunDataCalls>;
  readonly act: (action: RunAction) => void;
}

/** The experiment's text, the environment and the end of the log, behind tabs. */
export function Info({ run, state, data, act }: InfoProps) {
  const experiment = useSignal('');
  const log = useSignal('');
  const tab = state.fields.tab.value;

  async function readLog(): Promise<void> {
    const { lines } = await data.log({ nLines: LOG_LINES }).catch((error: unknown) => ({ lines: [String(error)] }));
    log.value = lines.length === 0 ? 'The trainer has written nothing yet.' : lines.join('\n');
  }

  useLayoutEffect(() => {
    data.experiment({}).then(
      ({ text }) => (experiment.value = text),
      (error: unknown) => (experiment.value = String(error)),
    );
    void readLog();
  }, []);
  const isGrowing = tab === 'log' && run.about !== undefined && !isOver(run.about.status);
  useLayoutEffect(() => {
    if (!isGrowing) return;
    const timer = setInterval(() => void readLog(), LOG_EVERY_MS);
    return () => clearInterval(timer);
  }, [isGrowing]);

  const views = [
    {
      id: 'experiment',
      title: 'Experiment',
      content: (
        <div class="info">
          <Action label="Open Experiment" onClick={() => act('openExperiment')} />
          <pre class="mono code" tabIndex={0} aria-label="Experiment">
            {experiment}
          </pre>
        </div>
      ),
    },
    { id: 'environment', title: 'Environment', content: <Environment run={run} /> },
    {
      id: 'log',
      title: 'Log',
      content: (
        <div class="info">
          <Action label="Open Log" onClick={() => act('showLog')} />
          <LogText text={log.value} />
        </div>
      ),
    },
  ];
  const onSelect = (id: string) => {
    state.change({ tab: id });
    if (id === 'log') void readLog();
  };
  return (
    <section class="info-section" aria-label="Details">
      <Tabs label="Details of the run" views={views} active={tab} onSelect={onSelect} />
    </section>
  );
}

function Action({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <div class="info-head">
      <Button label={label} isSecondary onClick={onClick} />
    </div>
  );
}

/** The end of the log: whoever looks at its last line goes on to do so. */
function LogText({ text }: { readonly text: string }) {
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd =
    box.current === null || box.current.scrollTop + box.current.clientHeight >= box.current.scrollHeight - 8;
  useLayoutEffect(() => {
    if (isAtEnd && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <pre ref={box} class="mono code log" tabIndex={0} aria-label="End of the trainer’s log">
      {text}
    </pre>
  );
}

function Environment({ run }: { readonly run: RunSnapshot }) {
  return (
    <div class="info">
      <dl class="facts-list">
        {environmentRows(run).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}

function environmentRows({ about, facts }: RunSnapshot): [string, string][] {
  if (about === undefined) return [];
  const { record, annotation } = about;
  const { machine, git, data, packages } = record;
  const bySplit = (n: { train: number; dev: number; test: number } | undefined) =>
    n && `${countText(n.train)} train, ${countText(n.dev)} dev, ${countText(n.test)} test`;
  const rows: [string, string | undefined][] = [
    ['Run', record.id],
    ['Created', timeText(record.createdAt)],
    ['Experiment', record.experimentFile],
    ['Note', annotation.note === '' ? undefined : annotation.note],
    ['Seed', record.seed === undefined ? undefined : String(record.seed)],
    ['Device', facts?.started?.device],
    [
      'Machine',
      machine &&
        `${machine.cpu}, ${machine.nCores} cores, ${bytes(machine.memoryBytes)}, ${machine.platform} ${machine.arch}`,
    ],
    ['Node', machine?.node],
    ['Git', git && `${git.commit.slice(0, 10)}${git.isDirty === true ? ', with uncommitted changes' : ''}`],
    ['Data', data && `${data.source}${data.isSynthetic ? ' (synthetic)' : ''}`],
    ['Queries', bySplit(data?.nQueries)],
    ['Judgements', bySplit(data?.nJudgements)],
    ['Fingerprint', data?.fingerprint],
    [
      'Packages',
      packages &&
        Object.entries(packages)
          .map((pair) => pair.join(' '))
          .join(', '),
    ],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}
