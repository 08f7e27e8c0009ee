import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { ProblemError } from '../../vocabulary/problem.ts';
import { experimentName } from '../../runs/experiment-name.ts';
import type { Lab } from '../lab.ts';

/** Makes an experiment's file from one of the shipped templates, and opens it. */
export async function newExperiment(lab: Lab): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new ProblemError({ code: 'no-workspace', message: 'No folder is open.', next: 'Open a folder first.' });
  }
  const template = await pickTemplate(join(lab.extensionPath, 'configs'));
  if (template === undefined) return;
  const name = await window.showInputBox({
    title: 'New Experiment',
    prompt: 'Name of the experiment',
    value: template.name,
    validateInput: (value) => (/^[\w.-]+$/.test(value.trim()) ? undefined : 'Use letters, digits, -, _ and dots.'),
  });
  if (name === undefined) return;
  const uri = await freePlace(Uri.joinPath(folder.uri, 'configs'), name.trim());
  await workspace.fs.writeFile(uri, Buffer.from(template.text));
  await window.showTextDocument(uri);
}

async function pickTemplate(templates: string): Promise<{ name: string; text: string } | undefined> {
  const { summariseExperiment } = await import('../experiments/experiment-summary.ts');
  const files = (await readdir(templates)).filter((file) => /\.ya?ml$/.test(file));
  const items = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(templates, file), 'utf8');
      const { model, data } = summariseExperiment(text);
      return {
        label: `$(file) ${experimentName(file)}`,
        detail: `${model} on ${data}`,
        name: experimentName(file),
        text,
      };
    }),
  );
  // The one that needs nothing but this extension comes first.
  items.sort((a, b) => Number(b.name === 'quickstart') - Number(a.name === 'quickstart'));
  return window.showQuickPick(items, { placeHolder: 'Experiment to begin with', matchOnDetail: true });
}

/** The name, or the name with a number, that no file has yet. */
async function freePlace(folder: Uri, name: string): Promise<Uri> {
  for (let n = 1; ; n++) {
    const uri = Uri.joinPath(folder, `${n === 1 ? name : `${name}-${n}`}.yml`);
    const isTaken = await Promise.resolve(workspace.fs.stat(uri)).then(
      () => true,
      () => false,
    );
    if (!isTaken) return uri;
  }
}
