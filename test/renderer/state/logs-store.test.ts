import { afterEach, expect, it } from 'vitest'
import type { LogLine } from '../../../shared/cluster'
import { MAX_LINES, takeLogLines, useLogs, type LogStream } from '../../../renderer/state/logs-store'

const stream = (lines: readonly LogLine[]): LogStream => ({ clusterId: 'c', node: 'n', lines, dropped: 0, state: { kind: 'open' } })
const lines = (count: number, from = 0): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({ node: 'n', level: 'info', text: String(from + index) }))

afterEach(() => {
  useLogs.setState({ streams: [], active: undefined })
})

it('keeps the newest lines, and remembers how many fell out', () => {
  useLogs.setState({ streams: [stream(lines(MAX_LINES))] })
  takeLogLines({ clusterId: 'c', node: 'n', lines: lines(5, MAX_LINES) })
  const [after] = useLogs.getState().streams
  expect(after?.lines).toHaveLength(MAX_LINES)
  expect(after?.dropped).toBe(5)
  expect(after?.lines[0]?.text).toBe('5')
})

it('takes no lines of a stream that is not open', () => {
  takeLogLines({ clusterId: 'c', node: 'other', lines: lines(1) })
  expect(useLogs.getState().streams).toEqual([])
})
