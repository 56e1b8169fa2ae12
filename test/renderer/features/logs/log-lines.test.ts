import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../../../shared/cluster'
import { cutAtMatches, shownLines } from '../../../../renderer/features/logs/log-lines'

const line = (level: LogLine['level'], text: string): LogLine => ({ node: 'a', level, text })

describe('shownLines', () => {
  const lines = [line('debug', 'dial'), line('info', 'heartbeat ok'), line('warn', 'Heartbeat late'), line('error', 'gone')]

  it('keeps lines of a level and above, with the number they had', () => {
    expect(shownLines(lines, 100, 'info', '').map(({ number }) => number)).toEqual([101, 102, 103])
    expect(shownLines(lines, 0, 'trace', '')).toHaveLength(4)
  })

  it('keeps only what is searched for, in any case', () => {
    expect(shownLines(lines, 0, 'trace', 'HEART').map(({ number }) => number)).toEqual([1, 2])
  })
})

describe('cutAtMatches', () => {
  it('cuts at every match, and loses nothing', () => {
    expect(cutAtMatches('Heartbeat heart', 'heart')).toEqual([
      { text: 'Heart', found: true },
      { text: 'beat ', found: false },
      { text: 'heart', found: true },
    ])
    expect(cutAtMatches('nothing', 'x')).toEqual([{ text: 'nothing', found: false }])
    expect(cutAtMatches('all', '')).toEqual([{ text: 'all', found: false }])
  })
})
