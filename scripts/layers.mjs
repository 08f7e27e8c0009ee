/**
 * The layers of the code: which folder of the tree may import which, and which packages only one place may load.
 * ESLint checks every import against it; scripts/build.mjs checks what the bundles really contain.
 */

/** Folder of src/ → the folders of src/ that it may import (itself is always allowed). */
export const mayImport = {
  vocabulary: [],
  graph: [],
  losses: ['vocabulary', 'graph'],
  metrics: ['vocabulary'],
  protocol: ['vocabulary'],
  files: ['vocabulary', 'protocol'],
  config: ['vocabulary', 'losses', 'metrics', 'protocol'],
  data: ['vocabulary', 'metrics', 'files'],
  hub: ['vocabulary', 'metrics', 'files', 'data'],
  tokenise: ['vocabulary', 'files'],
  model: ['vocabulary', 'graph', 'losses', 'files', 'config', 'tokenise'],
  runs: ['vocabulary', 'metrics', 'protocol', 'files', 'config'],
  rankings: ['vocabulary', 'files', 'runs'],
  engine: ['vocabulary', 'graph', 'files', 'config', 'tokenise', 'model'],
  process: ['vocabulary', 'protocol', 'files', 'runs'],
  trainer: [
    ...['vocabulary', 'graph', 'losses', 'metrics', 'protocol', 'files', 'config', 'data', 'hub', 'tokenise'],
    ...['model', 'runs', 'rankings', 'engine'],
  ],
  cli: ['vocabulary', 'metrics', 'protocol', 'files', 'config', 'runs', 'rankings', 'process'],
  host: ['vocabulary', 'metrics', 'protocol', 'files', 'config', 'runs', 'rankings', 'process'],
};

/** Package → the folders or files of src/ that may import it. */
export const onlyFrom = {
  'onnxruntime-node': ['engine'],
  'onnxruntime-common': ['engine'],
  '@huggingface/transformers': ['engine'],
  vscode: ['host', 'extension.ts'],
};

/** Folders of src/ that webview/ may import. */
export const webviewMayImport = ['vocabulary', 'protocol', 'metrics'];

const folders = Object.keys(mayImport);

/** ESLint configuration objects that enforce the tables above. */
export const noUnsafeImports = [
  ...folders.map((folder) => {
    const barred = folders.filter((other) => other !== folder && !mayImport[folder].includes(other));
    const packages = Object.entries(onlyFrom).filter(([, places]) => !places.includes(folder));
    return {
      files: [`src/${folder}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              ...barred.map((other) => ({
                regex: `^(\\.\\./)+${other}/`,
                message: `src/${folder} may not import src/${other} (scripts/layers.mjs).`,
              })),
              { regex: '(^|/)(test|webview)/', message: 'Nothing in src imports test or webview.' },
              ...packages.map(([name, places]) => ({
                regex: `^${name}(/|$)`,
                message: `Only ${places.join(', ')} may import ${name}.`,
              })),
            ],
          },
        ],
      },
    };
  }),
  {
    files: ['webview/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: folders
            .filter((folder) => !webviewMayImport.includes(folder))
            .map((folder) => ({ regex: `/src/${folder}/`, message: `webview may not import src/${folder}.` })),
        },
      ],
    },
  },
];
