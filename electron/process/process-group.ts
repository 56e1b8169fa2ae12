import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { AppError } from '../../shared/errors'
import { systemCodeOf } from '../../shared/system-error'
import type { ChildExit } from './child'
import { processesMarked } from './marked-processes'

/** A program of somebody else's and all that it starts, as long as they stay in its process group. */
export interface ProcessGroup {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Never rejects. The end of the program itself; others of the group may still run, and the watcher does: end it with a last SIGKILL. */
  readonly exited: Promise<ChildExit>
  /** Sends a signal to every process of the group; nothing happens when none is left. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
  /** Ends those that left the group, as far as they are found by their mark. Resolves when none is found any more. */
  endStrays(): Promise<void>
}

interface ProcessGroupOptions {
  /** By absolute path, or by a name to be found on the PATH of `env`. */
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Name of a variable of `env` whose value no other program has: those that leave the group by `setsid` are known by it (Linux). */
  readonly mark: string
}

/** Each round finds what the last one's victims have started meanwhile. */
const STRAY_ROUNDS = 5

/**
 * The leader of the group becomes the program. Beside it stands a watcher in the same group that holds the other end of our pipe: when we are gone, it
 * takes the group down, whoever is in it by then, after those that have left it and bear its mark. The program's PATH is not the watcher's.
 */
const watchedGroup = `
mark=$1
shift
strays() {
  for file in $(grep -lzxF -e "$mark" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    pid=\${pid%/environ}
    stat=$(cat "/proc/$pid/stat") || continue
    set -- \${stat##*) }
    [ "$3" = $$ ] || kill -KILL "$pid"
  done
}
exec 9<&0 </dev/null
( trap '' HUP INT TERM
  PATH=/usr/bin:/bin
  IFS= read -r line <&9 || { strays; strays; kill -KILL 0; } ) 9<&9 >/dev/null 2>&1 &
exec 9<&-
exec "$@"
`

/** Starts a program as the leader of a group (and session) of its own, which ends with us. Throws AppError `process.spawn-failed`. */
export function spawnGroup({ file, args, cwd, env, mark }: ProcessGroupOptions): ProcessGroup {
  const watched = process.platform !== 'win32'
  const entry = `${mark}=${env[mark] ?? ''}`
  const child = spawn(watched ? '/bin/sh' : file, watched ? ['-c', watchedGroup, 'group', entry, file, ...args] : [...args], {
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
  const endStrays = async (): Promise<void> => {
    for (let round = 0; round < STRAY_ROUNDS; round += 1) {
      const strays = await processesMarked(entry, pid)
      if (strays.length === 0) return
      for (const stray of strays) killIfThere(stray)
    }
  }
  return {
    pid,
    endStrays,
    stdout,
    stderr,
    exited,
    signal: (signal) => {
      if (!watched) {
        child.kill(signal)
        return
      }
      killIfThere(-pid, signal)
    },
  }
}

function killIfThere(target: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): void {
  try {
    process.kill(target, signal)
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error
  }
}
