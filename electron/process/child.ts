import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { isAbsolute } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { AppError } from '../../shared/errors'
import { isMissing } from '../../shared/system-error'
import { chooseLifeline, onLifeline, PIPE_RELEASE, type Lifeline } from './lifeline'
import { createLineSplitter } from './output-lines'
import { recordPid } from './pid-record'

/** `code` is null when `signal` ended it. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: string | null
}

/** A process that we started. What runs it (Node, Electron) and what it is do not matter to supervision. */
export interface Child {
  readonly pid: number
  /** Never rejects. Resolves after the process has ended and its output and messages were read. */
  readonly exited: Promise<ChildExit>
  /** Asks it to end (SIGTERM). */
  end(): void
  /** Ends it at once. */
  kill(): void
  /** The end of its output, newest last, for the message that says why it died. */
  lastLines?(): readonly string[]
}

type OutputStream = 'stdout' | 'stderr'

/** A process of ours, with what it prints; the newest lines are kept. */
export interface SpawnedChild extends Child {
  lastLines(): readonly string[]
  /** Each line of its output from now on; returns what ends it. */
  onLine(listener: (line: string, stream: OutputStream) => void): () => void
  /** Sends a message over its channel; lost when the channel has ended. Only with `messages`. */
  send(message: object): void
  onMessage(listener: (message: unknown) => void): () => void
}

/** How a process is started: without a shell; on POSIX in a group of its own. */
export interface SpawnOptions {
  /** Program by absolute path, or by name to be found on PATH. */
  readonly file: string
  readonly args: readonly string[]
  /** Whole environment; ours when absent. Never put a secret in it: other programs can read it. */
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Whether it must be gone within 2 s of our being killed. */
  readonly lifeline: boolean
  /** Opens a message channel (`process.send` in a Node child). */
  readonly messages?: boolean
  /** How messages travel: as JSON when absent, `advanced` for byte arrays. */
  readonly serialization?: 'json' | 'advanced'
  /** Where its pid is written down, so that the next start can end what a crash left. */
  readonly pidRecord?: string
}

const KEPT_LINES = 50
/** A grandchild that holds the output open must not hide the end of the process. */
const OUTPUT_GRACE_MS = 250

/** Starts a program. Throws AppError `process.not-found`, `process.not-executable` or `process.spawn-failed`. */
export function spawnChild(options: SpawnOptions): SpawnedChild {
  refuseUnrunnable(options.file)
  const lifeline: Lifeline = options.lifeline ? chooseLifeline(process.platform, isMainThread) : { kind: 'none' }
  const command = onLifeline(lifeline, options, process.pid)
  const stdio: StdioOptions = [lifeline.kind === 'pipe' ? 'pipe' : 'ignore', 'pipe', 'pipe', ...(options.messages === true ? ['ipc' as const] : [])]
  const child = spawn(command.file, command.args, {
    stdio,
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // A session of its own: Ctrl-C in the terminal reaches us, and we end our children in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(options.serialization !== undefined && { serialization: options.serialization }),
  })
  child.on('error', () => undefined) // Told below by the missing pid, or by `exited`.
  const { pid } = child
  if (pid === undefined) {
    throw new AppError('process.spawn-failed', `${options.file} could not be started: the system refused to make a process.`, {
      hint: 'Look whether this machine has run out of memory, processes or open files.',
    })
  }
  if (options.pidRecord !== undefined) recordPid(options.pidRecord, { pid, file: options.file })
  return wrap(child, pid, options.lifeline)
}

/** Ends of the children on a lifeline that live: when we end in order they go too, also where the system offers no lifeline. */
const onOurEnd = new Set<() => void>()
function endAll(): void {
  for (const end of onOurEnd) end()
}

function wrap(child: ChildProcess, pid: number, goesWithUs: boolean): SpawnedChild {
  const kept: string[] = []
  const lineListeners = new Set<(line: string, stream: OutputStream) => void>()
  const drained = (['stdout', 'stderr'] as const).map((name) =>
    readLines(child[name], (line) => {
      kept.push(line)
      if (kept.length > KEPT_LINES) kept.shift()
      for (const listener of lineListeners) listener(line, name)
    }),
  )
  child.stdin?.on('error', () => undefined) // The watcher is gone: so is the program.

  const kill = (): void => void child.kill('SIGKILL')
  if (goesWithUs) {
    process.off('exit', endAll).once('exit', endAll)
    onOurEnd.add(kill)
  }
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      onOurEnd.delete(kill)
      child.stdin?.end(PIPE_RELEASE)
      const channelEnd = child.connected ? new Promise((ended) => child.once('disconnect', ended)) : undefined
      const grace = setTimeout(() => resolve({ code, signal }), OUTPUT_GRACE_MS)
      void Promise.all([...drained, channelEnd]).then(() => {
        clearTimeout(grace)
        resolve({ code, signal })
      })
    })
  })

  return {
    pid,
    exited,
    end: () => void child.kill('SIGTERM'),
    kill,
    lastLines: () => [...kept],
    onLine: (listener) => {
      lineListeners.add(listener)
      return () => lineListeners.delete(listener)
    },
    send: (message) => {
      if (child.connected) child.send(message, () => undefined) // An ended channel is told by `exited`.
    },
    onMessage: (listener) => {
      child.on('message', listener)
      return () => child.off('message', listener)
    },
  }
}

/** Resolves when the stream has ended. */
function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): Promise<void> {
  if (stream === null) return Promise.resolve()
  const lines = createLineSplitter(onLine)
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => lines.push(chunk))
    stream.on('error', () => undefined) // Followed by 'close'.
    stream.on('close', () => {
      lines.end()
      resolve()
    })
  })
}

/** Behind a lifeline the program is started by another one, so what is wrong with it is found out here, in words of ours. */
function refuseUnrunnable(file: string): void {
  if (!isAbsolute(file)) return
  try {
    accessSync(file, constants.X_OK)
  } catch (cause) {
    const missing = isMissing(cause)
    throw missing
      ? new AppError('process.not-found', `There is no program ${file}.`, { hint: 'Run the set-up again, or correct the path.', cause })
      : new AppError('process.not-executable', `${file} may not be run by this user.`, { hint: `Make it executable: chmod +x ${file}`, cause })
  }
}
