import type { Writable } from 'node:stream'
import { formatLine, type LogMode } from './format-line'
import type { LogSink } from './logger'

/** Lines for a terminal or a service manager. A closed pipe (`shoal serve | head`) only ends the writing. */
export function createConsoleSink(stream: Writable, mode: LogMode | (() => LogMode)): LogSink {
  const modeNow = typeof mode === 'function' ? mode : () => mode
  let open = true
  stream.on('error', () => {
    open = false
  })
  return {
    write: (entry) => {
      if (open && !stream.destroyed) stream.write(`${formatLine(entry, modeNow())}\n`)
    },
  }
}
