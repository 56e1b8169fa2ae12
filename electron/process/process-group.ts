import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { AppError } from '../../shared/errors'
import type { ChildExit } from './child'

/** A program of somebody else's and all that it starts, as long as they stay in its process group. */
export interface ProcessGroup {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Never rejects. The end of the program itself; others of the group may still run, and the watcher does: end it with a last SIGKILL. */
  readonly exited: Promise<ChildExit>
  /** Sends a signal to every process of the group; nothing happens when none is left. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface ProcessGroupOptions {
  /** By absolute path, or by a name to be found on the PATH of `env`. */
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Whole environment. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * The leader of the group becomes the program. Beside it stands a watcher in the same group that holds the other end of our pipe: when we are gone, it
 * takes the group down, whoever is in it by then.
 */
const watchedGroup = [
  'exec 9<&0 </dev/null',
  "( trap '' HUP INT TERM; IFS= read -r line <&9 || kill -KILL -- -$$ ) 9<&9 >/dev/null 2>&1 &",
  'exec 9<&-',
  'exec "$@"',
].join('\n')

/** Starts a program as the leader of a group (and session) of its own, which ends with us. Throws AppError `process.spawn-failed`. */
export function spawnGroup({ file, args, cwd, env }: ProcessGroupOptions): ProcessGroup {
  const watched = process.platform !== 'win32'
  const child = spawn(watched ? '/bin/sh' : file, watched ? ['-c', watchedGroup, 'group', file, ...args] : [...args], {
    cwd,
    env: { ...env },
    stdio: [watched ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: watched,
    windowsHide: true,
  })
  child.on('error', () => undefined) // Told by the missing pid.
  const { pid, stdout, stderr } = child
  if (pid === undefined || stdout === null || stderr === null) {
    throw new AppError('process.spawn-failed', `${file} could not be started: the system refused to make a process.`, {
      hint: 'Look whether the working directory exists and this machine has processes and memory left.',
    })
  }
  child.stdin?.on('error', () => undefined) // The watcher is gone: so is the group.
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  return {
    pid,
    stdout,
    stderr,
    exited,
    signal: (signal) => {
      if (!watched) {
        child.kill(signal)
        return
      }
      try {
        process.kill(-pid, signal)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
      }
    },
  }
}
