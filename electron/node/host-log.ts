import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { createConsoleSink } from '../log/console-sink'
import { createFileSink } from '../log/file-sink'
import { formatLine, type LogMode } from '../log/format-line'
import { createLogger, type LogEntry, type LogLevel, type LogSink, logLevels, type Logger } from '../log/logger'
import { redactText } from '../log/redact'
import { createRotatingFile } from '../log/rotating-file'

/** Where a node's log lies in its data directory. */
const LOG_FILE = 'node.log'

interface HostLogOptions {
  readonly level: () => LogLevel
  readonly mode: LogMode
  readonly secrets: () => readonly string[]
  readonly console: Writable
}

/** A node's log: in its file, and on the console. */
export interface HostLog {
  readonly log: Logger
  /** Undefined until `writeInto`. */
  readonly file: string | undefined
  /** From now on also into a file in this folder; what was logged before is written first. */
  writeInto(folder: string): void
  /** Lets the lines through to the console that were held back so far, so that what introduces the node comes first. */
  showConsole(): void
  /** For the file alone: what a person at the terminal is told in another way. */
  readonly fileLog: Logger
  /** Writes at once, since the process is about to end. */
  writeCrash(error: unknown): void
  close(): Promise<void>
}

const MOST_HELD = 1000

/** A logger that works from the first moment: the folder of its file may only be known, and be ours, later. */
export function createHostLog({ level, mode, secrets, console }: HostLogOptions): HostLog {
  const fileSink = createHeldSink()
  const consoleSink = createHeldSink()
  let file: { readonly path: string; readonly close: () => Promise<void> } | undefined
  const log = createLogger({ sinks: [consoleSink, fileSink], level, secrets })
  return {
    log,
    showConsole: () => consoleSink.release(quietFor(createConsoleSink(console, mode))),
    fileLog: createLogger({ sinks: [fileSink], level, secrets }),
    writeCrash: (error) => {
      const text = redactText(error instanceof Error ? (error.stack ?? error.message) : String(error), secrets())
      if (file !== undefined)
        appendFileSync(file.path, `${formatLine({ at: Date.now(), level: 'error', message: `This node crashed: ${text}`, fields: {} }, mode)}\n`)
    },
    get file() {
      return file?.path
    },
    writeInto: (folder) => {
      const path = join(folder, LOG_FILE)
      const rotating = createRotatingFile({
        path,
        onTrouble: (error) => log.warn('Log lines are lost: the file does not take them.', { path, error }),
      })
      file = { path, close: () => rotating.close() }
      fileSink.release(createFileSink(rotating, mode))
    },
    close: async () => {
      await file?.close()
    },
  }
}

/** Keeps entries until there is a sink for them. */
function createHeldSink(): LogSink & { readonly release: (into: LogSink) => void } {
  let held: LogEntry[] = []
  let sink: LogSink | undefined
  return {
    write: (entry) => {
      if (sink !== undefined) sink.write(entry)
      else if (held.length < MOST_HELD) held.push(entry)
    },
    release: (into) => {
      if (sink !== undefined) return
      sink = into
      for (const entry of held) into.write(entry)
      held = []
    },
  }
}

/** nats-server tells much at every start that nobody at a terminal needs; its file has all of it. */
function quietFor(sink: LogSink): LogSink {
  return {
    write: (entry) => {
      if (entry.fields['source'] !== 'nats-server' || logLevels.indexOf(entry.level) >= logLevels.indexOf('warn')) sink.write(entry)
    },
  }
}
