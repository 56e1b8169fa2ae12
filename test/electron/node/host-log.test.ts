import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHostLog } from '../../../electron/node/host-log'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-hostlog-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function hostLog() {
  const console = new PassThrough()
  const log = createHostLog({ level: () => 'info', mode: 'default', secrets: () => ['canary-token'], console })
  return {
    ...log,
    shown: () => String(console.read() ?? ''),
    open: () => log.writeInto(dir),
    written: () => readFileSync(join(dir, 'node.log'), 'utf8'),
  }
}

describe('the log of a host', () => {
  it('begins before its file does, and loses nothing', async () => {
    const { log, open, close, written, shown, showConsole } = hostLog()
    log.info('before')
    open()
    expect(shown()).toBe('')
    showConsole()
    log.info('after')
    await close()
    expect(written().match(/before|after/g)).toEqual(['before', 'after'])
    expect(shown().match(/before|after/g)).toEqual(['before', 'after'])
  })

  it('spares the console what nats-server tells at every start, not its warnings', async () => {
    const { log, open, close, written, shown, showConsole } = hostLog()
    open()
    showConsole()
    const nats = log.child({ source: 'nats-server' })
    nats.info('Listening for client connections')
    nats.warn('Slow consumer')
    await close()
    expect(written()).toContain('Listening')
    const text = shown()
    expect(text).toContain('Slow consumer')
    expect(text).not.toContain('Listening')
  })

  it('keeps a crash, without secrets', () => {
    const { open, writeCrash, written } = hostLog()
    writeCrash(new Error('too early'))
    open()
    writeCrash(new Error('boom with canary-token'))
    expect(written()).toContain('boom with [redacted]')
    expect(written()).toMatch(/host-log\.test/)
  })
})
