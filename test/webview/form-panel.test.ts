import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveForm } from '../../src/host/form/serve-form.ts';
import { BASELINES, formDocument } from './form-document.ts';
import type { OpenDocument } from './form-document.ts';
import { chromiumPath, startHarness } from './harness.ts';
import type { Harness, OpenPanel } from './harness.ts';

if (chromiumPath === undefined) console.warn('SKIPPED: no chromium found (set CHROMIUM); the form was not tested.');

const CONFIG = readFileSync(new URL('../../configs/model_config.yml', import.meta.url), 'utf8');
const NOTED = CONFIG.replace('batch_size : 64', 'batch_size : 64 # fits 8 GB')
  .replace('training: TRUE', 'training: TRUE # for now')
  .concat('evaluation:\n  metrics: [esci_ndcg, "mrr@10"] # few\nmy_team: search\n');

/** A control of the toolkit, as far as these tests look into it: test code has no DOM types. */
interface Inner {
  readonly shadowRoot: { querySelector(tag: string): InnerPart | null };
}
interface InnerPart {
  readonly list?: unknown;
  readonly options?: Iterable<{ readonly value: string; readonly label: string }>;
}

describe.skipIf(chromiumPath === undefined)('the form of an experiment', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => harness.close());

  async function withForm(
    text: string,
    check: (panel: OpenPanel, document: OpenDocument) => Promise<void>,
    options: { readonly width?: number; readonly state?: unknown } = {},
  ): Promise<void> {
    const document = formDocument(text);
    const serve = (port: Parameters<typeof serveForm>[0]) => serveForm(port, document);
    const panel = await harness.open({ panel: 'form', identity: { uri: 'file:///x.yml' }, serve, ...options });
    try {
      await panel.page.locator('.head h1').waitFor();
      await check(panel, document);
      expect(panel.errors).toEqual([]);
    } finally {
      await panel.close();
    }
  }

  const valueOf = (node: unknown) => (node as { readonly value: string }).value;
  const field = ({ page }: OpenPanel, path: string) => page.locator(`.field[data-path="${path}"]`);
  const input = (panel: OpenPanel, path: string) => field(panel, path).locator('input').first();

  test('has every option of the table, with what the text says and the default where it says nothing', async () => {
    await withForm(NOTED, async (panel) => {
      // 47 options; two of them in each of three rows.
      expect(await panel.page.locator('.field').count()).toBeGreaterThan(45);
      expect(await input(panel, 'hyperparameters.learning_rate').inputValue()).toBe('7e-6');
      expect(await input(panel, 'hyperparameters.seed').getAttribute('placeholder')).toBe('42');
      expect(await field(panel, 'model.type').locator('vscode-dropdown').evaluate(valueOf)).toBe('cross-encoder');
      expect(await panel.page.locator('.row').count()).toBe(3);
      expect(await field(panel, 'evaluation.metrics').locator('.chip-text').allTextContents()).toEqual([
        'esci_ndcg',
        'mrr@10',
      ]);
      expect(await field(panel, 'hyperparameters.batch_size').locator('.set-mark').isVisible()).toBe(true);
      expect(await field(panel, 'hyperparameters.seed').locator('.set-mark').isVisible()).toBe(false);
      await panel.page.getByText('my_team', { exact: true }).waitFor();
    });
  });

  test('a number, a flag, a choice, a chip and a row each change their own characters', async () => {
    await withForm(NOTED, async (panel, document) => {
      const says = (before: string, after: string) =>
        expect.poll(() => document.getText()).toBe((expected = expected.replace(before, after)));
      let expected = NOTED;
      await input(panel, 'hyperparameters.batch_size').fill('16');
      await panel.page.keyboard.press('Enter');
      await says('batch_size : 64 #', 'batch_size : 16 #');
      await field(panel, 'training_blocks[0].training').locator('vscode-checkbox').click();
      await says('TRUE # for now', 'FALSE # for now');
      const type = field(panel, 'model.type').locator('vscode-dropdown');
      await type.click();
      await type.getByRole('option', { name: 'bi-encoder' }).click();
      await says('"cross encoder"', '"bi-encoder"');
      await input(panel, 'evaluation.metrics').fill('trec:map');
      await panel.page.keyboard.press('Enter');
      await says('"mrr@10"]', '"mrr@10", trec:map]');
      await panel.page.getByRole('button', { name: 'Remove esci_ndcg' }).click();
      await says('[esci_ndcg, ', '[');
      await panel.page.locator('.adders vscode-button', { hasText: 'embeddings' }).click();
      await says(
        '"classifier"\n    training: TRUE',
        '"classifier"\n    training: TRUE\n  - block_name: embeddings\n    training: true',
      );
      await panel.page.locator('vscode-button[aria-label="Remove item 2"]').click();
      await says('  - block_name: "pooler"\n    training: TRUE\n', '');
      await field(panel, 'hyperparameters.num_epochs').locator('vscode-button').click();
      await says('  num_epochs : 3\n', '');
      expect(await input(panel, 'hyperparameters.num_epochs').getAttribute('placeholder')).toBe('3');
    });
  });

  test('offers the tested runs as baseline, and writes the one that is chosen', async () => {
    await withForm(NOTED, async (panel, document) => {
      const baseline = field(panel, 'evaluation.baseline').locator('vscode-text-field');
      const offered = () =>
        baseline.evaluate((node) => {
          const [input, list] = ['input', 'datalist'].map((tag) => (node as Inner).shadowRoot.querySelector(tag));
          const isItsList = input?.list === list;
          return isItsList ? [...(list?.options ?? [])].map(({ value, label }) => ({ id: value, name: label })) : [];
        });
      await expect.poll(offered).toEqual(BASELINES);
      // What the browser does when an entry of its list is clicked.
      await input(panel, 'evaluation.baseline').fill(BASELINES[1]!.id);
      await expect.poll(() => document.getText()).toContain(`  baseline: ${BASELINES[1]!.id}\n`);
    });
  });

  test('what is typed is written after a pause, and an emptied field when it is left', async () => {
    await withForm(NOTED, async (panel, document) => {
      const rate = input(panel, 'hyperparameters.learning_rate');
      await rate.fill('2e-');
      await rate.press('End');
      await panel.page.keyboard.type('5');
      await expect.poll(() => document.getText()).toBe(NOTED.replace('7e-6', '2e-5'));
      await rate.fill('');
      await input(panel, 'hyperparameters.seed').focus();
      await expect.poll(() => document.getText()).toBe(NOTED.replace('  learning_rate : 7e-6\n', ''));
    });
  });

  test('Escape takes back what is typed', async () => {
    await withForm(NOTED, async (panel, document) => {
      const rate = input(panel, 'hyperparameters.learning_rate');
      await rate.fill('abc');
      await rate.press('Escape');
      expect(await rate.inputValue()).toBe('7e-6');
      await rate.press('Enter');
      expect(document.getText()).toBe(NOTED);
    });
  });

  test('Ctrl+S saves what was typed a moment ago, in a field and in a list; without a change the editor saves', async () => {
    await withForm(NOTED, async (panel, document) => {
      const rate = input(panel, 'hyperparameters.learning_rate');
      await rate.fill('2e-5');
      await panel.page.keyboard.press('Control+s');
      const typed = NOTED.replace('7e-6', '2e-5');
      await expect.poll(() => document.saved).toEqual([typed]);
      await input(panel, 'evaluation.metrics').fill('trec:map');
      await panel.page.keyboard.press('Control+s');
      const added = typed.replace('"mrr@10"]', '"mrr@10", trec:map]');
      await expect.poll(() => document.saved).toEqual([typed, added]);
      await panel.answered();
      // As the editor listens to keys: at the window.
      await panel.page.evaluate("addEventListener('keydown', (e) => e.key === 's' && (isTaken = e.defaultPrevented))");
      await panel.page.keyboard.press('Control+s');
      expect(await panel.page.evaluate('isTaken')).toBe(false);
      expect(document.saved).toHaveLength(2);
    });
  });

  test('follows the text without taking focus, caret or what is typed', async () => {
    await withForm(NOTED, async (panel, document) => {
      const name = input(panel, 'model.name');
      await name.focus();
      await name.press('Home');
      for (let i = 0; i < 3; i++) await name.press('ArrowRight');
      document.write(NOTED.replace('ms-marco-MiniLM-L-12-v2', 'ms-marco-MiniLM-L-6-v2'));
      await expect.poll(() => name.inputValue()).toContain('L-6-v2');
      expect(await panel.page.evaluate('document.activeElement.shadowRoot.activeElement.selectionStart')).toBe(3);
      expect(await panel.page.evaluate('document.activeElement.shadowRoot.activeElement.value')).toContain('L-6-v2');
      await panel.page.keyboard.press('End');
      await panel.page.keyboard.type('-x');
      document.write(NOTED.replace('batch_size : 64', 'batch_size : 32'));
      await expect.poll(() => input(panel, 'hyperparameters.batch_size').inputValue()).toBe('32');
      expect(await name.inputValue()).toMatch(/-x$/);
    });
  });

  test('undo of the text shows in the form', async () => {
    await withForm(NOTED, async (panel, document) => {
      await input(panel, 'hyperparameters.batch_size').fill('16');
      await panel.page.keyboard.press('Enter');
      await expect.poll(() => document.getText()).toContain('batch_size : 16');
      document.undo();
      await expect.poll(() => input(panel, 'hyperparameters.batch_size').inputValue()).toBe('64');
    });
  });

  test('the validator’s words stand at their field, with its fix and the line', async () => {
    const wrong = NOTED.replace('"AdamW"', 'adam')
      .replace('batch_size : 64', 'batch_size : many')
      .replace('my_team', 'devise');
    await withForm(wrong, async (panel, document) => {
      const size = field(panel, 'hyperparameters.batch_size').locator('.problem');
      expect(await size.innerText()).toContain('Found "many", expected a whole number from 1 to 1000000.');
      await size.getByText('line 12').click();
      await expect.poll(() => document.revealed).toEqual([12]);
      await field(panel, 'hyperparameters.optimizer').getByText('Change to AdamW').click();
      await expect.poll(() => document.getText()).toBe(wrong.replace('adam', 'AdamW'));
      await panel.page.locator('.text-only').getByText('Change to device').click();
      await expect.poll(() => document.getText()).toContain('device: search');
      await field(panel, 'device').locator('.problem').waitFor();
      await panel.page.getByRole('button', { name: '2 problems' }).click();
      expect(await panel.page.evaluate('document.activeElement.closest(".field").dataset.path')).toBe(
        'hyperparameters.batch_size',
      );
    });
  });

  test('a broken file is shown, not edited, until it is mended', async () => {
    await withForm(NOTED.replace('"cross encoder"', '"cross encoder'), async (panel, document) => {
      await panel.page.getByText('edits again once the text is mended').waitFor();
      expect(
        await field(panel, 'hyperparameters.batch_size').locator('vscode-text-field').getAttribute('disabled'),
      ).not.toBeNull();
      await panel.page.getByText('Open the text').click();
      await expect.poll(() => document.revealed).toEqual([3]);
      document.write(NOTED);
      await panel.page.locator('.notice').waitFor({ state: 'hidden' });
      expect(
        await field(panel, 'hyperparameters.batch_size').locator('vscode-text-field').getAttribute('disabled'),
      ).toBeNull();
    });
  });

  test('says why a change is refused, and shows the text’s value again', async () => {
    const tagged = NOTED.replace('batch_size : 64', 'batch_size : !!int 64');
    await withForm(tagged, async (panel, document) => {
      const size = input(panel, 'hyperparameters.batch_size');
      await size.fill('a lot');
      await size.press('Enter');
      await field(panel, 'hyperparameters.batch_size').getByText('Change it in the text').waitFor();
      await expect.poll(() => size.inputValue()).toBe('64');
      expect(document.getText()).toBe(tagged);
    });
  });

  test('filters by name and words, shows only what is set, and remembers both and what is closed', async () => {
    await withForm(NOTED, async (panel) => {
      const { page, state } = panel;
      await page.keyboard.press('/');
      await page.keyboard.type('warm-up');
      const shown = async () => {
        const fields = await page.locator('.field:visible').all();
        return Promise.all(fields.map((found) => found.getAttribute('data-path')));
      };
      await expect
        .poll(shown)
        .toEqual(['hyperparameters.learning_rate', 'hyperparameters.warmup_ratio', 'hyperparameters.lr_scheduler']);
      await page.getByRole('button', { name: 'Set only' }).click();
      await expect.poll(shown).toEqual(['hyperparameters.learning_rate', 'hyperparameters.warmup_ratio']);
      await page.locator('header vscode-text-field input').fill('zzz');
      await page.getByText('No option matches “zzz”').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Model', exact: true }).last().click();
      await expect.poll(state).toMatchObject({ filter: '', isOnlySet: true, closed: ['model'] });
    });
    const state = { filter: 'seed', isOnlySet: false, closed: [] };
    await withForm(
      NOTED,
      async ({ page }) => {
        expect(await page.locator('.field:visible').first().getAttribute('data-path')).toBe('data.max_queries');
        expect(await page.locator('header vscode-text-field').evaluate(valueOf)).toBe('seed');
      },
      { state },
    );
  });

  test('chips are moved and removed by keys, and keep the focus', async () => {
    await withForm(NOTED, async (panel, document) => {
      const chip = field(panel, 'evaluation.metrics').locator('.chip').first();
      await chip.focus();
      await panel.page.keyboard.press('ArrowRight');
      await panel.page.keyboard.press('Alt+ArrowLeft');
      await expect.poll(() => document.getText()).toContain('metrics: ["mrr@10", esci_ndcg] # few');
      await expect.poll(() => panel.page.evaluate('document.activeElement.textContent')).toBe('mrr@10');
      await panel.page.keyboard.press('Delete');
      await expect.poll(() => document.getText()).toContain('metrics: [esci_ndcg] # few');
      await expect.poll(() => panel.page.evaluate('document.activeElement.textContent')).toBe('esci_ndcg');
    });
  });

  test('fits 320 px, and its buttons ask the editor', async () => {
    await withForm(
      NOTED,
      async ({ page }, document) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
        for (const name of ['Start', 'Dry Run', 'Open as Text'])
          await page.locator('header vscode-button', { hasText: name }).click();
        await expect.poll(() => document.ran).toEqual(['start', 'dryRun', 'openText']);
      },
      { width: 320 },
    );
  });
});
