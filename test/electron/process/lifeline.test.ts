import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseLifeline, onLifeline } from '../../../electron/process/lifeline'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lifeline-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('chooseLifeline', () => {
  it('takes a death signal on the main thread of Linux only, since the signal follows the thread', () => {
    writeFileSync(join(dir, 'setpriv'), '')
    chmodSync(join(dir, 'setpriv'), 0o755)
    expect(chooseLifeline('linux', true, ['/nowhere', dir])).toEqual({ kind: 'death-signal', setpriv: join(dir, 'setpriv') })
    expect(chooseLifeline('linux', false, [dir])).toEqual({ kind: 'pipe' })
    expect(chooseLifeline('darwin', true, [dir])).toEqual({ kind: 'pipe' })
    expect(chooseLifeline('win32', true, [dir])).toEqual({ kind: 'none' })
  })

  it('does not take the setpriv of BusyBox, which has no death signal', () => {
    writeFileSync(join(dir, 'busybox'), '')
    symlinkSync(join(dir, 'busybox'), join(dir, 'setpriv'))
    expect(chooseLifeline('linux', true, [dir])).toEqual({ kind: 'pipe' })
  })
})

describe('onLifeline', () => {
  const program = { file: '/opt/a b/nats-server', args: ['-c', "it's $HOME"] }

  it('hands the program and its arguments on as they are', () => {
    for (const lifeline of [{ kind: 'pipe' }, { kind: 'death-signal', setpriv: '/usr/bin/setpriv' }] as const) {
      const { args } = onLifeline(lifeline, program, 71)
      expect(args.slice(-3)).toEqual([program.file, ...program.args])
    }
    expect(onLifeline({ kind: 'none' }, program, 71)).toBe(program)
  })

  it('names the parent, so that a program whose parent has just died does not begin', () => {
    expect(onLifeline({ kind: 'death-signal', setpriv: '/usr/bin/setpriv' }, program, 71).args).toContain('71')
  })
})
