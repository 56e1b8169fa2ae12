import { constants } from 'node:os'
import type { ChildExit } from '../../process/child'

/** Signals that end a process which did not ask for it. A role host itself leaves with 0, 1 or 2. */
const deadly = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const

/** How a utility process ended. Electron tells one number: the exit code or, everywhere but on Windows, the number of the signal. */
export function exitOf(code: number, platform: NodeJS.Platform): ChildExit {
  const signal = platform === 'win32' ? undefined : deadly.find((name) => constants.signals[name] === code)
  return signal === undefined ? { code, signal: null } : { code: null, signal }
}
