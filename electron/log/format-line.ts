import { printableText } from '../../shared/printable-text'
import type { LogEntry } from './logger'

/** `Logging.Mode`: `default` for people, `json` for machines (one object a line, zerolog's key names). */
export type LogMode = 'default' | 'json'

/** One line without its line end. */
export function formatLine(entry: LogEntry, mode: LogMode): string {
  return mode === 'json' ? formatJson(entry) : formatText(entry)
}

/** `2026-11-24T08:00:00.000Z INFO  Message.  key=value other="two words"` */
function formatText({ at, level, message, fields }: LogEntry): string {
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${plain(value)}`)
  const head = `${new Date(at).toISOString()} ${level.toUpperCase().padEnd(5)} ${oneLine(message)}`
  return facts.length === 0 ? head : `${head}  ${facts.join(' ')}`
}

function formatJson({ at, level, message, fields }: LogEntry): string {
  return JSON.stringify({ ...fields, level, time: new Date(at).toISOString(), message })
}

function plain(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value)) return printableText(value)
  return value === undefined ? 'null' : printableText(JSON.stringify(value))
}

/** A message with line breaks stays one line, so that every line of a log has its time and level, and nothing in it moves the cursor. */
function oneLine(message: string): string {
  return printableText(message.replace(/\r?\n/g, '\\n'))
}
