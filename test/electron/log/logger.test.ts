import { describe, expect, it } from 'vitest'
import { createLogger, logLevelOf, type LogEntry, type LogLevel } from '../../../electron/log/logger'

function recorded(level: LogLevel | (() => LogLevel) = 'trace', secrets: () => readonly string[] = () => []) {
  const entries: LogEntry[] = []
  return { entries, log: createLogger({ sinks: [{ write: (entry) => entries.push(entry) }], level, secrets, now: () => 7 }) }
}

describe('logger', () => {
  it('writes entries at or above its level, asking for the level each time', () => {
    let level: LogLevel = 'warn'
    const { entries, log } = recorded(() => level)
    log.info('not yet')
    log.error('yes')
    level = 'debug'
    log.debug('now')
    log.trace('never')
    expect(entries.map((entry) => entry.message)).toEqual(['yes', 'now'])
  })

  it('carries the fields of its parents', () => {
    const { entries, log } = recorded()
    log.child({ node: 'n-1' }).child({ role: 'compute' }).warn('Late.', { ms: 12 })
    expect(entries).toEqual([{ at: 7, level: 'warn', message: 'Late.', fields: { node: 'n-1', role: 'compute', ms: 12 } }])
  })

  it('hides a secret that became known after the logger was made', () => {
    const secrets: string[] = []
    const { entries, log } = recorded('info', () => secrets)
    secrets.push('k7-long-token')
    log.info('Dialling k7-long-token@host.', { error: new Error('refused k7-long-token') })
    expect(JSON.stringify(entries)).not.toContain('k7-long-token')
    expect(entries[0]?.fields.error).toBe('refused [redacted]')
  })

  it('knows Bacalhau’s levels', () => {
    expect(['TRACE', 'info', 'fatal', 'panic', 'loud'].map(logLevelOf)).toEqual(['trace', 'info', 'error', 'error', 'info'])
  })
})
