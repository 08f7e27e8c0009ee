import tseslint from 'typescript-eslint';
import { importCycles } from './scripts/import-cycles.mjs';
import { noUnsafeImports } from './scripts/layers.mjs';

/** Arguments lie on the stack: some ten thousand, and the call throws. A list that a file, a batch or a log fills grows beyond that. */
const SPREAD_OF_DATA = [
  { call: "[callee.object.name='Math']", instead: 'maxOf and minOf of src/vocabulary/extremes.ts' },
  { call: "[callee.object.name='Object'][callee.property.name='assign']", instead: 'a loop' },
  { call: '[callee.property.name=/^(push|unshift|splice|concat)$/]', instead: 'a loop, flat() or flatMap()' },
  { call: '[callee.property.name=/^from(CharCode|CodePoint)$/]', instead: 'TextDecoder or join()' },
].map(({ call, instead }) => ({
  selector: `CallExpression${call} > SpreadElement.arguments`,
  message: `A long list does not fit into the arguments of a call; use ${instead}.`,
}));

/** Which folder may import which is one table: scripts/layers.mjs. It is checked here on imports and, on bundles, by scripts/build.mjs. */
export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'runs/**', 'test/fixtures/**', '.cache/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // Numeric loops over typed arrays: the index is in range by the loop's bound.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 500 }],
    },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['test/**/*.ts', 'scripts/**/*.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  // The elements of the toolkit are declared to JSX, which Preact keeps in a namespace.
  { files: ['webview/**/*.tsx'], rules: { '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }] } },
  { files: ['src/**/*.ts', 'webview/**/*.{ts,tsx}'], rules: { 'no-restricted-syntax': ['error', ...SPREAD_OF_DATA] } },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'webview/**/*.{ts,tsx}'],
    plugins: { 'import-cycles': importCycles },
    rules: { 'import-cycles/none': 'error' },
  },
  ...noUnsafeImports,
  {
    files: ['src/host/**/*.ts', 'src/extension.ts'],
    ignores: ['src/host/notices.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name=/^show(Information|Warning|Error)Message$/]',
          message: 'The editor finds links in notifications: src/host/notices.ts takes them out of texts.',
        },
      ],
    },
  },
  {
    files: ['src/cli/**/*.ts'],
    ignores: ['src/cli/terminal.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr'].map((property) => ({
          object: 'process',
          property,
          message: 'Texts reach a screen through the terminal, which makes them harmless.',
        })),
      ],
    },
  },
);
