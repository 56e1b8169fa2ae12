import type { LogFields, Logger } from '../../electron/log/logger'
import type { Trace } from './trace'

/** The log of a process of the simulation: part of its trace. `onError` is called for each error, with its message. */
export function simulatedLog(name: string, trace: Trace, onError: (message: string, fields: LogFields) => void): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      trace.add(() => `${name} ${level}: ${message} ${told(fields)}`)
      if (level === 'error') onError(message, fields)
    }
  const log: Logger = { trace: () => undefined, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log }
  return log
}

function told(fields: LogFields): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${value instanceof Error ? value.message : typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
