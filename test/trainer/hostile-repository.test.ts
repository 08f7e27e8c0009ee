/** Starting an experiment runs no program that its folder names. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRun } from '../../src/runs/create-run.ts';
import { readRecord } from '../../src/runs/record.ts';
import { hostileRepository } from './hostile-repository.ts';
import { startTrainer, temporaryFolder, tinyExperiment, writeTinyData, writeTinyModel } from './tiny-run.ts';

function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

if (!hasGit()) console.log('SKIPPED: the tests of a hostile repository, because git is not installed');

describe.skipIf(!hasGit() || process.platform === 'win32')('an experiment in a repository that names programs', () => {
  it('trains without running one of them, and its commit is known', async () => {
    const repository = hostileRepository(join(temporaryFolder(), 'repository'));
    const { folder } = repository;
    const model = writeTinyModel(join(folder, 'model'));
    const data = writeTinyData(join(folder, 'data'), { train: 6, dev: 2, test: 2 });
    const experimentFile = join(folder, 'tiny.esci.yml');
    const experiment = tinyExperiment(model, data, { num_epochs: 1 });
    writeFileSync(experimentFile, experiment);
    const { runDir } = await createRun(join(folder, 'runs'), experiment, { name: 'x', job: 'train', experimentFile });
    const { code, output } = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder }).done;
    expect(code, output).toBe(0);
    expect(repository.ran()).toEqual([]);
    expect((await readRecord(runDir)).git).toEqual({ commit: repository.commit });
    expect(existsSync(join(folder, '.git/index.lock'))).toBe(false);
  }, 120_000);

  it('runs no program of the folder for a search path that names the folder', async () => {
    const repository = hostileRepository(join(temporaryFolder(), 'repository'));
    const { folder } = repository;
    const experimentFile = join(folder, 'tiny.esci.yml');
    const data = writeTinyData(join(folder, 'data'), { train: 6, dev: 2, test: 2 });
    // A device for whose load a program of its maker is asked; the model is missed after that.
    const experiment = `${tinyExperiment(join(folder, 'nothing'), data)}device: webgpu\n`;
    writeFileSync(experimentFile, experiment);
    const { runDir } = await createRun(join(folder, 'runs'), experiment, { name: 'x', job: 'train', experimentFile });
    const env = { PATH: `.::${process.env['PATH'] ?? ''}` };
    const { code, output } = await startTrainer({ kind: 'train', runDir, resume: false }, { cwd: folder, env }).done;
    expect(code, output).toBe(2);
    expect(repository.ran()).toEqual([]);
  }, 120_000);
});
