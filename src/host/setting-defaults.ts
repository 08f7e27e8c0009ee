/** Settings of the extension, by the name after `esciLab.`, with their defaults; a test proves that package.json agrees. */
export const SETTINGS = {
  runsFolder: 'runs',
  experimentFiles: ['configs/**/*.{yml,yaml}', '**/model_config.yml', '**/*.esci.yml'],
  nodePath: '',
  maxParallelRuns: 1,
} as const satisfies Record<string, string | number | readonly string[]>;
