import { describe, expect, it } from 'vitest'
import { parseServerLine, serverIdIn } from '../../../electron/nats/server-log'

describe('parseServerLine', () => {
  it.each([
    ['[71] [INF] Server is ready', 'info', 'Server is ready'],
    ['[71] 2026/11/24 08:00:00.000000 [WRN] Filestore [ledger] Stream state outdated', 'warn', 'Filestore [ledger] Stream state outdated'],
    ['[71] [FTL] Error listening on port', 'error', 'Error listening on port'],
    ['[71] [WRN] Plaintext passwords detected, use nkeys or bcrypt', 'debug', 'Plaintext passwords detected, use nkeys or bcrypt'],
    [
      '[71] [ERR] 10.0.0.7:4 - cid:11 - authentication error - Token "[REDACTED]"',
      'debug',
      '10.0.0.7:4 - cid:11 - authentication error - Token "[REDACTED]"',
    ],
    ['nats-server: conf:4:1: unknown field "x"', 'error', 'nats-server: conf:4:1: unknown field "x"'],
    ['panic: runtime error', 'error', 'panic: runtime error'],
  ])('%s', (line, level, text) => {
    expect(parseServerLine(line)).toEqual({ level, text })
  })
})

describe('serverIdIn', () => {
  it('finds the id among the first lines, and nothing before it was printed', () => {
    const id = `N${'A'.repeat(55)}`
    expect(serverIdIn(['[71] [INF] Starting nats-server', `[71] [INF]   ID:       ${id}`])).toBe(id)
    expect(serverIdIn(['[71] [INF] Starting nats-server'])).toBeUndefined()
  })
})
