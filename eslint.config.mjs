import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { documentedExports } from './scripts/check/documented-exports.mjs'

const noEnums = { selector: 'TSEnumDeclaration', message: 'A union of literals says the same without code at run time.' }
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'A named export keeps its name wherever it is imported.' }
const noInnerHtml = {
  selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/], JSXAttribute[name.name="dangerouslySetInnerHTML"]',
  message: 'Text from elsewhere never becomes markup.',
}
const supervised = {
  name: 'node:child_process',
  importNames: ['spawn', 'fork'],
  message: 'Processes that live are started in electron/process only, where they are supervised.',
}
const blocking = {
  name: 'node:child_process',
  importNames: ['exec', 'execSync', 'execFileSync', 'spawnSync'],
  message: 'No shell, and nothing that holds up the event loop: execFile.',
}
const rawIpc = { name: 'electron', importNames: ['ipcMain'], message: 'Commands of the window go through electron/app/ipc/ipc.ts.' }
const bare = {
  regex: '^(assert|child_process|crypto|dns|events|fs|http|https|net|os|path|stream|tls|url|util|worker_threads|zlib)(/.*)?$',
  message: 'Write node:… .',
}

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'release', 'vendor', 'coverage', 'bench-results', 'test/e2e/results'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './tsconfig.renderer.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', noEnums, noDefaultExport, noInnerHtml],
      'no-restricted-imports': ['error', { paths: [supervised, blocking, rawIpc], patterns: [bare] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    // It speaks of what React's compiler leaves out; there is no compiler here.
    rules: { 'react-hooks/incompatible-library': 'off' },
  },
  {
    files: ['electron/**/*.ts', 'renderer/**/*.{ts,tsx}', 'shared/**/*.ts'],
    plugins: { shoal: { rules: { 'documented-exports': documentedExports } } },
    rules: { 'shoal/documented-exports': 'error' },
  },
  {
    files: ['electron/process/**'],
    rules: { 'no-restricted-imports': ['error', { paths: [blocking, rawIpc], patterns: [bare] }] },
  },
  {
    files: ['test/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [bare] }] },
  },
  {
    files: ['electron/app/ipc/ipc.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [supervised, blocking], patterns: [bare] }] },
  },
  {
    // What their readers load by file name: they take default exports only.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnums] },
  },
  {
    files: ['test/**'],
    rules: {
      // A test reads what it asserts on; a wrong guess fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    rules: {
      'no-eval': 'error',
      'no-unused-vars': 'error',
      'no-undef': 'off',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 400 }],
    },
  },
)
