import { join } from 'node:path'
import { spawnChild } from './child'

/** What a role host starts beside itself. */
type CompanionEntry = 'wasm'

/** `code` is null when `signal` ended it. */
export interface CompanionExit {
  readonly code: number | null
  readonly signal: string | null
  /** The end of what it printed, newest last. */
  readonly lastLines: readonly string[]
}

/** A process that works for one role host and ends with it. Messages keep their order and may hold byte arrays. */
export interface CompanionChild {
  send(message: object): void
  onMessage(listener: (message: unknown) => void): () => void
  /** Never rejects. */
  readonly exited: Promise<CompanionExit>
  kill(): void
}

/** Starts a companion. Where a host cannot start processes itself (Electron's utility processes), whoever started it does. */
export type CompanionLauncher = (entry: CompanionEntry) => CompanionChild | Promise<CompanionChild>

/** glibc gives every few threads a heap of their own, and none gives to another what is free in it: with many threads that is most of a process. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '2' }

/** Companions as child processes of plain Node. `entries` are bundled files; none of the node's environment, which may hold secrets, is passed on. */
export function forkCompanions(distDir: string): CompanionLauncher {
  return (entry) => forkCompanion([join(distDir, `${entry}.js`)])
}

/** One companion: `args` are its file and the arguments to it. */
export function forkCompanion(args: readonly string[]): CompanionChild {
  const child = spawnChild({
    file: process.execPath,
    args: ['--no-warnings', ...args],
    env: ENVIRONMENT,
    lifeline: true,
    messages: true,
    serialization: 'advanced',
  })
  return {
    send: (message) => child.send(message),
    onMessage: (listener) => child.onMessage(listener),
    exited: child.exited.then(({ code, signal }) => ({ code, signal, lastLines: child.lastLines() })),
    kill: () => child.kill(),
  }
}
