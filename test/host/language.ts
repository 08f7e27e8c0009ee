import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { commands, languages, Position, ViewColumn, window, workspace } from 'vscode';
import type { CodeAction, CodeLens, CompletionList, DocumentSymbol, Hover, MarkdownString, TextDocument } from 'vscode';
import { test } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { ended, runOf } from './trained-runs.ts';
import { exampleRun, execute, experiment, until } from './fixture.ts';

/** Tests of the help with an experiment's text, asked for as the editor does. */
export const languageTests: readonly HostTest[] = [
  test('CodeLens on top of an experiment starts exactly that one', async () => {
    const { uri } = await open('tiny');
    const lenses = await lensesOf('tiny');
    assert.deepEqual(titlesOf(lenses), ['$(play) Start', '$(search) Dry Run', '$(beaker) Evaluate Model']);
    assert.deepEqual(
      lenses.map(({ range }) => range.start.line),
      [0, 0, 0],
    );
    const { command, arguments: args } = lenses[0]!.command!;
    assert.deepEqual([command, String(args?.[0])], ['esciLab.startExperiment', uri.toString()]);
    const runDir = await runOf(() => Promise.resolve(commands.executeCommand(command, ...(args as unknown[]))));
    await execute('esciLab.stopRun', runDir).catch(() => undefined);
    assert.equal((await ended(runDir)).experimentFile, uri.fsPath);
  }),
  test('CodeLens offers a diff once the experiment ran', async () => {
    await open('tiny');
    await exampleRun({ name: 'tiny', experimentFile: experiment('tiny').fsPath });
    await until('the lens', async () => titlesOf(await lensesOf('tiny')).includes('$(diff) Diff with Last Run'));
  }),
  test('there is no CodeLens above YAML that is no experiment', async () => {
    await openText('workflow', 'name: something else\non: push\n');
    assert.deepEqual(await lensesOf('workflow'), []);
  }),
  test('a typo is marked where it is, and its quick fix corrects it', async () => {
    const text = (await open('tiny')).getText().replace('learning_rate', 'learning_rat');
    const document = await openText('typo', text);
    const [problem] = await problemsOf(document);
    assert.equal(document.getText(problem!.range), 'learning_rat');
    assert.equal(problem!.source, 'ESCI Lab');
    // The editor may hear of a problem later than the extension does.
    const fix = await until('its fix', async () => {
      const actions = await commands.executeCommand<CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem!.range,
        'quickfix',
      );
      return actions.find(({ title }) => title.includes('learning_rate'));
    });
    assert.equal(fix.isPreferred, true);
    await workspace.applyEdit(fix.edit!);
    assert.match(document.getText(), /learning_rate: /);
    await document.save();
    await until('no problem', () => languages.getDiagnostics(document.uri).length === 0);
  }),
  test('problems go when the last tab of an experiment is closed, text or form, and come back with it', async () => {
    const broken = 'model: { name: a/b }\ndata: { uri: c/d }\ndevice: toaster\n';
    const document = await openText('closed', broken);
    const { uri } = document;
    await problemsOf(document);
    await commands.executeCommand('vscode.openWith', uri, 'esciLab.experimentForm', ViewColumn.Beside);
    const close = async () => {
      const { activeTab } = window.tabGroups.activeTabGroup;
      await window.tabGroups.close(activeTab!);
    };
    await close();
    assert.equal(languages.getDiagnostics(uri).length, 1, 'the text still shows it');
    await close();
    await until('no problem', () => languages.getDiagnostics(uri).length === 0, 5000);
    // A document that code alone opens, as for a dry run, has nobody who looks at its problems.
    await workspace.openTextDocument(uri);
    await commands.executeCommand('vscode.openWith', uri, 'esciLab.experimentForm');
    await problemsOf(document);
  }),
  test('problems are not looked for in other YAML', async () => {
    const document = await openText('broken', 'model: { name: a/b }\ndata: { uri: c/d }\ndevice: toaster\n');
    const other = await openText('other', 'device: toaster\n');
    await problemsOf(document);
    assert.deepEqual(languages.getDiagnostics(other.uri), []);
  }),
  test('completion offers keys of the section in the order of the reference, and none that is there', async () => {
    const document = await openText(
      'keys',
      'model: { name: a/b }\ndata: { uri: c/d }\nhyperparameters:\n  seed: 1\n  \n',
    );
    const labels = await completionsAt(document, new Position(4, 2));
    assert.equal(labels[0], 'num_epochs');
    assert.ok(labels.includes('learning_rate') && !labels.includes('seed'), labels.join(', '));
  }),
  test('completion offers the values of an option, also while the file is broken', async () => {
    const document = await openText('values', 'model: { name: "a/b, type: \ndata: { uri: c/d }\ndevice: \n');
    const labels = await completionsAt(document, new Position(2, 8));
    assert.deepEqual(labels, ['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
  }),
  test('completion offers tested runs as baseline, and one that is none is marked', async () => {
    const runDir = await exampleRun({ name: 'good-baseline', test: [0.8, 0.83] });
    const text = 'model: { name: a/b }\ndata: { uri: c/d }\nevaluation:\n  baseline: ';
    const document = await openText('baseline', text);
    const labels = await completionsAt(document, new Position(3, 12));
    assert.ok(labels.includes(basename(runDir)), labels.join(', '));
    const wrong = await openText('wrong-baseline', `${text}good-baselin\n`);
    const problems = await problemsOf(wrong);
    assert.match(problems.map(({ message }) => message).join(), /did you mean good-baseline\?/);
  }),
  test('hover explains an option with what it accepts and its default', async () => {
    const document = await open('model_config');
    const at = document.positionAt(document.getText().indexOf('warmup_ratio') + 3);
    const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, at);
    const words = hovers.flatMap(({ contents }) => contents.map((part) => (part as MarkdownString).value)).join('\n');
    assert.match(words, /learning rate rises from 0/);
    assert.match(words, /0\.1/);
    assert.equal(document.getText(hovers[0]!.range), 'warmup_ratio');
  }),
  test('the outline has sections, keys and list items', async () => {
    const document = await open('model_config');
    const symbols = await until('the outline', async () => {
      const found = await commands.executeCommand<DocumentSymbol[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        document.uri,
      );
      return (found ?? []).length > 0 && found;
    });
    const names = symbols.map(({ name }) => name);
    assert.deepEqual(names, ['model', 'data', 'hyperparameters', 'training_blocks', 'artifacts_path']);
    assert.deepEqual(
      symbols[3]!.children.map(({ name }) => name),
      ['encoder', 'pooler', 'classifier'].map((name) => `"${name}"`.slice(1, -1)),
    );
  }),
  test('the help follows the setting of where experiments are', async () => {
    const uri = experiment('../elsewhere/mine');
    const text = 'model: { name: a/b }\ndata: { uri: c/d }\ndevice: toaster\n';
    await workspace.fs.writeFile(uri, Buffer.from(text));
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    assert.deepEqual(languages.getDiagnostics(uri), []);
    const settings = workspace.getConfiguration('esciLab');
    await settings.update('experimentFiles', ['elsewhere/*.yml'], false);
    try {
      await until('lenses', async () => (await lensesOf('../elsewhere/mine')).length > 0);
      await until('the problem', () => languages.getDiagnostics(uri).length > 0);
    } finally {
      await settings.update('experimentFiles', undefined, false);
      await workspace.fs.delete(experiment('../elsewhere/mine'));
    }
  }),
];

async function open(name: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument(experiment(name));
  // A preview would take the tab, and with it the problems, of the one before.
  await window.showTextDocument(document, { preview: false });
  return document;
}

/** A file beside the experiments, open in an editor. */
async function openText(name: string, text: string): Promise<TextDocument> {
  await workspace.fs.writeFile(experiment(name), Buffer.from(text));
  return open(name);
}

async function lensesOf(name: string): Promise<readonly CodeLens[]> {
  const lenses = await commands.executeCommand<CodeLens[] | undefined>(
    'vscode.executeCodeLensProvider',
    experiment(name),
    20,
  );
  return (lenses ?? []).filter(({ command }) => command?.command.startsWith('esciLab.') === true);
}

function titlesOf(lenses: readonly CodeLens[]): readonly string[] {
  return lenses.map(({ command }) => command?.title ?? '');
}

function problemsOf({ uri }: TextDocument) {
  return until('problems', () => {
    const problems = languages.getDiagnostics(uri);
    return problems.length > 0 && problems;
  });
}

async function completionsAt({ uri }: TextDocument, position: Position): Promise<readonly string[]> {
  const { items } = await commands.executeCommand<CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
  );
  const ours = items.filter(({ label }) => typeof label !== 'string');
  return [...ours]
    .sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}
