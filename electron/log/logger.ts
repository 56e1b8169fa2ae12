import { redactFields, redactText } from './redact'

/** From the most to the least talkative. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const
/** How much somebody needs to know of it. */
export type LogLevel = (typeof logLevels)[number]

/** Facts beside a message. An `Error` is told by its message (and code), anything else as JSON. */
export type LogFields = Readonly<Record<string, unknown>>

/** What reaches a sink: already redacted. `at` is Unix milliseconds. */
export interface LogEntry {
  readonly at: number
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
}

/** Where entries go. Must neither throw nor block. */
export interface LogSink {
  write(entry: LogEntry): void
}

/** Writes entries at or above its level. Never throws. */
export interface Logger {
  trace(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger that puts `fields` on every entry. */
  child(fields: LogFields): Logger
}

interface LoggerOptions {
  readonly sinks: readonly LogSink[]
  /** Asked on every entry, so that `Logging.Level` can change while the node runs. */
  readonly level: LogLevel | (() => LogLevel)
  /** Texts that must never be written, as they are now (tokens change). */
  readonly secrets: () => readonly string[]
  readonly now?: () => number
}

/** The root logger of a process. */
export function createLogger({ sinks, level, secrets, now = Date.now }: LoggerOptions): Logger {
  const threshold = typeof level === 'function' ? level : () => level
  const write = (entryLevel: LogLevel, message: string, base: LogFields, more: LogFields | undefined): void => {
    if (logLevels.indexOf(entryLevel) < logLevels.indexOf(threshold())) return
    const hidden = secrets()
    const fields = more === undefined ? base : { ...base, ...more }
    const entry: LogEntry = { at: now(), level: entryLevel, message: redactText(message, hidden), fields: redactFields(fields, hidden) }
    for (const sink of sinks) sink.write(entry)
  }
  return loggerWith({}, write)
}

function loggerWith(base: LogFields, write: (level: LogLevel, message: string, base: LogFields, more: LogFields | undefined) => void): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => write(level, message, base, fields)
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => loggerWith({ ...base, ...fields }, write),
  }
}

/** Bacalhau's `Logging.Level` as one of ours: `fatal` and `panic` are only the worst errors. */
export function logLevelOf(configured: string): LogLevel {
  const level = configured.toLowerCase()
  return logLevels.find((known) => known === level) ?? (level === 'fatal' || level === 'panic' ? 'error' : 'info')
}
