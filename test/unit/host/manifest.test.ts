import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/host/commands/table.ts';
import type { CommandSpec } from '../../../src/host/commands/table.ts';
import { SETTINGS } from '../../../src/host/setting-defaults.ts';
import { CHART_COLOURS } from '../../../webview/shared/chart-colours.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly icon: string;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string; icon?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly MenuItem[];
    readonly configuration: { readonly properties: Readonly<Record<string, { default: unknown; scope: string }>> };
    readonly colors: readonly { id: string; defaults: Readonly<Record<string, string>> }[];
    readonly walkthroughs: readonly {
      readonly icon: string;
      readonly steps: readonly {
        description: string;
        media: { svg: string; altText: string };
        completionEvents: readonly string[];
      }[];
    }[];
    readonly viewsWelcome: readonly { contents: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { icon: string }[] };
  };
}

/** Editor backgrounds of VS Code's own default themes. */
const BACKGROUNDS = { light: '#ffffff', dark: '#1f1f1f', highContrast: '#000000', highContrastLight: '#ffffff' };

const ROOT = join(import.meta.dirname, '../../..');
const { contributes, capabilities, icon } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const table = Object.entries<CommandSpec>(COMMANDS);

describe('package.json', () => {
  it('contributes exactly the commands of the table, with their titles and icons', () => {
    const expected = table.map(([command, spec]) => ({
      command,
      title: spec.title,
      category: 'ESCI Lab',
      ...(spec.icon === undefined ? {} : { icon: `$(${spec.icon})` }),
    }));
    expect(contributes.commands).toEqual(expected);
  });

  it('offers commands in the palette as the table says', () => {
    const expected = table.flatMap(([command, { palette }]) =>
      palette === undefined ? [] : [{ command, when: palette }],
    );
    expect(contributes.menus['commandPalette']).toEqual(expected);
  });

  it('names only commands of the table in menus, key bindings, welcome views and the walkthrough', () => {
    const inMenus = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map((i) => i.command);
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const texts = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...steps.map((step) => step.description),
    ];
    const inTexts = texts.flatMap((contents) =>
      [...contents.matchAll(/command:(esciLab\.\w+)/g)].map((match) => match[1]!),
    );
    const unknown = [...inMenus, ...inTexts].filter((id) => !Object.hasOwn(COMMANDS, id));
    expect(unknown).toEqual([]);
  });

  it('puts every command that has an icon and every other one where a person finds it', () => {
    const placed = new Set(Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)));
    expect(Object.keys(COMMANDS).filter((id) => !placed.has(id))).toEqual([]);
  });

  it('has the settings that the code reads, with the same defaults', () => {
    const { properties } = contributes.configuration;
    const defaults = Object.entries(properties).map(([name, { default: value }]) => [
      name.replace('esciLab.', ''),
      value,
    ]);
    expect(Object.fromEntries(defaults)).toEqual(SETTINGS);
  });

  it('takes the program that it runs from the person alone, and places only from a folder that is trusted', () => {
    const { properties } = contributes.configuration;
    const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
    const names = Object.keys(properties);
    // By what the code calls them: programs end in Path, folders in Folder.
    const programs = names.filter((name) => /Path$/.test(name));
    const places = names.filter((name) => /(?:Path|Folder)$/.test(name));
    expect(programs).toEqual(['esciLab.nodePath']);
    expect(programs.filter((name) => properties[name]!.scope !== 'machine')).toEqual([]);
    expect([...restrictedConfigurations].sort()).toEqual(places.sort());
  });

  it.each(Object.entries(BACKGROUNDS))('has colours that can be seen in a %s theme', (theme, background) => {
    // WCAG 2.2: 4.5 for text, which labels are, 3 for marks.
    const needed = (id: string): number => (id.startsWith('esciLab.label') ? 4.5 : 3);
    const faint = contributes.colors.filter(({ id, defaults }) => contrast(defaults[theme]!, background) < needed(id));
    expect(faint.map(({ id }) => id)).toEqual([]);
  });

  it('contributes the colours that panels ask for', () => {
    const labels = ['Exact', 'Substitute', 'Complement', 'Irrelevant'].map((label) => `esciLab.label${label}`);
    const charts = CHART_COLOURS.map((name) => `esciLab.chart${name}`);
    expect(contributes.colors.map(({ id }) => id)).toEqual([...labels, ...charts]);
  });

  it('asks in conditions only for context keys that the extension sets', () => {
    const asked = new Set(JSON.stringify(contributes).match(/esciLab\.(?:(?:has|is)[A-Z]\w*|\w+Paths)/g));
    const sources = readdirSync(join(ROOT, 'src/host'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, 'src/host', file), 'utf8'));
    expect([...asked].filter((key) => !sources.some((source) => source.includes(`'${key}'`)))).toEqual([]);
    expect(asked.size).toBeGreaterThan(4);
  });

  it('ends each step of the walkthrough by something that a person did', () => {
    for (const { completionEvents } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      expect(completionEvents.length).toBeGreaterThan(0);
      for (const event of completionEvents)
        expect(event).toMatch(/^onContext:(esciLab\.has\w+|activeWebviewPanelId == 'esciLab\.\w+')$/);
    }
  });

  it('names icons and pictures that exist', () => {
    const pictures = contributes.walkthroughs.flatMap(({ icon: own, steps }) => [
      own,
      ...steps.map((s) => s.media.svg),
    ]);
    const files = [icon, ...pictures, ...contributes.viewsContainers.activitybar.map((container) => container.icon)];
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

it('asks for trust before whatever starts or ends a process, or deletes a folder', () => {
  const words = /^(?:Start|Resume|Stop|Dry Run|Evaluate|Delete|Empty Trash)/;
  const needTrust = table.filter(([, { needsTrust }]) => needsTrust === true).map(([, { title }]) => title);
  expect(needTrust).toEqual(table.map(([, { title }]) => title).filter((title) => words.test(title)));
  expect(needTrust.length).toBeGreaterThan(8);
});

/** Contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance). */
function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
