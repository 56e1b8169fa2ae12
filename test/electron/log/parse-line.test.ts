import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLine } from '../../../electron/log/format-line'
import type { LogEntry } from '../../../electron/log/logger'
import { parseLine } from '../../../electron/log/parse-line'

const entry: LogEntry = {
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  level: 'warn',
  message: 'Late.\nVery.',
  fields: { node: 'n-1', why: 'two words', n: 3 },
}

describe('log lines', () => {
  it('are one readable line by default', () => {
    expect(formatLine(entry, 'default')).toBe('2026-01-02T03:04:05.006Z WARN  Late.\\nVery.  node=n-1 why="two words" n=3')
    expect(formatLine({ ...entry, message: 'Late\u001b[2J', fields: { name: 'a\u009b31m', why: '\u0007 \u202e' } }, 'default')).toBe(
      '2026-01-02T03:04:05.006Z WARN  Late\\u001b[2J  name="a\\u009b31m" why="\\u0007 \\u202e"',
    )
  })

  it('are one JSON object in the mode json', () => {
    expect(JSON.parse(formatLine(entry, 'json'))).toEqual({
      level: 'warn',
      time: '2026-01-02T03:04:05.006Z',
      message: 'Late.\nVery.',
      node: 'n-1',
      why: 'two words',
      n: 3,
    })
  })

  it('come back from both modes with time and level', () => {
    expect(parseLine(formatLine(entry, 'default'))).toEqual({ at: entry.at, level: 'warn', text: 'Late.\\nVery.  node=n-1 why="two words" n=3' })
    expect(parseLine(formatLine(entry, 'json'))).toMatchObject({ at: entry.at, level: 'warn' })
  })

  it('of nats-server are understood', () => {
    expect(parseLine('[71] 2026/01/02 03:04:05.006123 [ERR] Address already in use')).toEqual({
      at: new Date(2026, 0, 2, 3, 4, 5, 6).getTime(),
      level: 'error',
      text: 'Address already in use',
    })
  })

  it('of anything else are kept whole', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(typeof parseLine(line).text).toBe('string')
        expect(parseLine(`{${line}`).level).toBeDefined()
      }),
    )
    expect(parseLine('panic: goroutine 1')).toEqual({ level: 'info', text: 'panic: goroutine 1' })
  })
})
