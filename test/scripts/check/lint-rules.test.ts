import path from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = path.resolve(__dirname, '../../..')

/** Lints a text as if it stood in a file of the checkout; rules that need types see the real project. */
async function rulesBroken(eslint: ESLint, file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(ROOT, file) })
  return [...new Set((result?.messages ?? []).map((message) => message.ruleId ?? message.message))]
}

describe('the linter', () => {
  let eslint: ESLint
  beforeAll(() => {
    // In CI the parser reads every file once and for all; these texts are not what stands in the files.
    const parserOptions = { disallowAutomaticSingleRunInference: true }
    eslint = new ESLint({ cwd: ROOT, overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions } }] })
  })

  it.each([
    ['any', 'shared/errors.ts', 'export const x = (y: any): unknown => y', '@typescript-eslint/no-explicit-any'],
    ['a default export', 'shared/errors.ts', 'export default 1', 'no-restricted-syntax'],
    ['an enum', 'shared/errors.ts', 'export enum Colour { Red }', 'no-restricted-syntax'],
    ['markup from text', 'electron/main.ts', 'export const f = (e: { innerHTML: string }): void => { e.innerHTML = "" }', 'no-restricted-syntax'],
    ['eval', 'electron/main.ts', 'export const f = (): void => { eval("1") }', 'no-eval'],
    ['raw ipcMain', 'electron/main.ts', "import { ipcMain } from 'electron'\nexport const x = ipcMain", 'no-restricted-imports'],
    ['an unsupervised process', 'electron/main.ts', "import { spawn } from 'node:child_process'\nexport const x = spawn", 'no-restricted-imports'],
    ['a shell', 'electron/main.ts', "import { exec } from 'node:child_process'\nexport const x = exec", 'no-restricted-imports'],
    [
      'a promise that nobody waits for',
      'electron/main.ts',
      'export const f = (): void => { Promise.resolve() }',
      '@typescript-eslint/no-floating-promises',
    ],
    ['an export without a word on it', 'shared/errors.ts', 'export const x = 1', 'shoal/documented-exports'],
    ['an export with a note that is no docstring', 'shared/errors.ts', '// Why.\nexport const x = 1', 'shoal/documented-exports'],
    ['a docstring that stands apart', 'shared/errors.ts', '/** All of these. */\n\nexport const x = 1', 'shoal/documented-exports'],
    ['a comment that switches a rule off', 'shared/errors.ts', '/* eslint-' + 'disable */\nexport const x = 1', 'has no effect'],
  ])('refuses %s', async (_what, file, text, rule) => {
    expect((await rulesBroken(eslint, file, text)).some((name) => name.includes(rule))).toBe(true)
  })

  it('has nothing against plain code, and lets electron/process start processes', async () => {
    expect(await rulesBroken(eslint, 'shared/errors.ts', '/** One. */\nexport const x = 1\n')).toEqual([])
    const text =
      "import { spawn } from 'node:child_process'\n\n/** Its pid. */\nexport const start = (file: string): number | undefined => spawn(file).pid\n"
    expect(await rulesBroken(eslint, 'electron/process/managed-process.ts', text)).toEqual([])
  })

  it('wants the docstring of overloads on the first of them, and none in tests', async () => {
    const overloads =
      '/** As it is. */\nexport function f(x: 1): 1\nexport function f(x: 2): 2\nexport function f(x: 1 | 2): 1 | 2 {\n  return x\n}\n'
    expect(await rulesBroken(eslint, 'shared/errors.ts', overloads)).not.toContain('shoal/documented-exports')
    expect(await rulesBroken(eslint, 'test/architecture.test.ts', 'export const x = 1\n')).not.toContain('shoal/documented-exports')
  })
})
