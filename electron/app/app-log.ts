import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { createConsoleSink } from '../log/console-sink'
import { createFileSink } from '../log/file-sink'
import { createLogger, type Logger } from '../log/logger'
import { createRotatingFile } from '../log/rotating-file'

interface AppLog {
  readonly log: Logger
  readonly close: () => Promise<void>
}

/** The app's own log: a rotated file, and what goes wrong also on the terminal that started it. */
export function openAppLog(file: string): AppLog {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const rotating = createRotatingFile({ path: file })
  const console = createConsoleSink(process.stderr, 'default')
  const log = createLogger({
    sinks: [createFileSink(rotating, 'default'), { write: (entry) => (entry.level === 'error' ? console.write(entry) : undefined) }],
    level: 'info',
    // The app itself holds no token; what its clusters say of theirs goes to their own logs.
    secrets: () => [],
  })
  return {
    log,
    close: () => rotating.close(),
  }
}
