import { readJsonObject } from '../../shared/read-json'
import type { LogLevel } from './logger'

/** A line of a log file, taken apart for the window. `at` in Unix ms, where the line has a time. */
interface ParsedLine {
  readonly at?: number
  readonly level: LogLevel
  readonly text: string
}

const ours = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (TRACE|DEBUG|INFO|WARN|ERROR) +(.*)$/
/** `[71] 2026/11/24 08:00:00.000000 [INF] text`, as nats-server writes it. */
const nats = /^\[\d+\] (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3})\d* \[(\w{3})\] (.*)$/
const natsLevels: Readonly<Record<string, LogLevel>> = { TRC: 'trace', DBG: 'debug', INF: 'info', WRN: 'warn', ERR: 'error', FTL: 'error' }

/** Takes apart a line of ours (either mode) or of nats-server's. Anything else is kept whole, as an `info` without a time. */
export function parseLine(line: string): ParsedLine {
  const own = ours.exec(line)
  if (own) return withTime(Date.parse(own[1] ?? ''), levelOf(own[2]), own[3] ?? '')
  const server = nats.exec(line)
  if (server) {
    const [, year, month, day, hour, minute, second, ms, level, text] = server
    // nats-server writes local time unless told otherwise.
    const at = new Date(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), Number(ms)).getTime()
    return withTime(at, natsLevels[level ?? ''] ?? 'info', text ?? '')
  }
  return (line.startsWith('{') ? readFields(line) : undefined) ?? { level: 'info', text: line }
}

/** Undefined for a line that a crash has cut off, or that is not ours: it is shown as it is. */
function readFields(line: string): ParsedLine | undefined {
  const { level, time, message, ...fields } = readJsonObject(line) ?? {}
  if (typeof message !== 'string') return undefined
  const facts = Object.entries(fields).map(([key, fact]) => `${key}=${typeof fact === 'string' ? fact : JSON.stringify(fact)}`)
  return withTime(
    typeof time === 'string' ? Date.parse(time) : Number.NaN,
    levelOf(level),
    facts.length === 0 ? message : `${message}  ${facts.join(' ')}`,
  )
}

function withTime(at: number, level: LogLevel, text: string): ParsedLine {
  return Number.isNaN(at) ? { level, text } : { at, level, text }
}

function levelOf(word: unknown): LogLevel {
  const level = typeof word === 'string' ? word.toLowerCase() : ''
  return level === 'trace' || level === 'debug' || level === 'warn' || level === 'error'
    ? level
    : level === 'fatal' || level === 'panic'
      ? 'error'
      : 'info'
}
