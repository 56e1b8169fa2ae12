import { execFile } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { ShoalHome } from '../../../fixtures/shoal-command'

let home: ShoalHome
beforeAll(() => {
  home = makeShoalHome()
})
afterAll(() => home.remove())

describe.runIf(process.platform !== 'win32')('the completion of a shell', () => {
  it('offers what may come next, in bash', async () => {
    const program = join(home.home, 'shoal')
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"\n`)
    chmodSync(program, 0o755)
    const ask = (words: readonly string[]): string =>
      `COMP_WORDS=(${['shoal', ...words].map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _shoal; echo "\${COMPREPLY[*]}"`
    const lines = [['jo'], ['job', 'ru'], ['job', 'list', '--output', ''], ['node', 'list', '--filter-st'], ['job', 'describe', '']]
    const script = ['source <(shoal completion bash)', ...lines.map(ask)].join('\n')
    const env = { ...process.env, HOME: home.home, PATH: `${home.home}:${process.env['PATH'] ?? ''}` }
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { env })
    expect(stdout.split('\n')).toEqual(['job', 'run', 'table csv json yaml', '--filter-status', '', ''])
  })

  it.each(['bash', 'zsh', 'fish', 'powershell'])('is there for %s', async (shell) => {
    const { code, out, err } = await home.run(['completion', shell])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('shoal __complete')
  })

  it('is asked for by the name of a shell', async () => {
    expect((await home.run(['completion', 'tcsh'])).err).toMatch(/"tcsh".*bash, zsh, fish, powershell/)
  })
})
