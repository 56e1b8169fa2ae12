import { formatLine, type LogMode } from './format-line'
import type { LogSink } from './logger'
import type { RotatingFile } from './rotating-file'

/** Entries into a rotated file, a line each. */
export function createFileSink(file: RotatingFile, mode: LogMode | (() => LogMode)): LogSink {
  const modeNow = typeof mode === 'function' ? mode : () => mode
  return { write: (entry) => file.writeLine(formatLine(entry, modeNow())) }
}
