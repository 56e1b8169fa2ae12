import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, isAbsolute, join } from 'node:path'

interface Command {
  readonly file: string
  readonly args: readonly string[]
}

/** How a child is made to end with us, when we are killed without a chance to end it. */
export type Lifeline =
  /** Linux: the kernel sends SIGKILL. `setpriv` sets that up and becomes the program. */
  | { readonly kind: 'death-signal'; readonly setpriv: string }
  /** Any POSIX system: a watcher reads the child's standard input, whose other end closes with us. */
  | { readonly kind: 'pipe' }
  /** Windows: nothing; the next start ends it by its pid record. */
  | { readonly kind: 'none' }

/** The best lifeline of a machine whose programs lie in `folders`. A death signal follows the spawning *thread*, hence the pipe anywhere but on the main one. */
export function chooseLifeline(platform: NodeJS.Platform, mainThread: boolean, folders: readonly string[] = programFolders()): Lifeline {
  if (platform === 'win32') return { kind: 'none' }
  const setpriv = platform === 'linux' && mainThread ? findSetpriv(folders) : undefined
  return setpriv === undefined ? { kind: 'pipe' } : { kind: 'death-signal', setpriv }
}

/** The command that runs `program` on the lifeline. Program and wrapper share pid and exit code, since the wrapper becomes the program. */
export function onLifeline(lifeline: Lifeline, program: Command, parentPid: number): Command {
  if (lifeline.kind === 'none') return program
  if (lifeline.kind === 'pipe') return { file: '/bin/sh', args: ['-c', watchedByPipe, 'lifeline', program.file, ...program.args] }
  return {
    file: lifeline.setpriv,
    args: ['--pdeathsig', 'KILL', '--', '/bin/sh', '-c', unlessOrphan, 'lifeline', String(parentPid), program.file, ...program.args],
  }
}

/** What tells the watcher of a pipe that the program has ended: its pid may soon belong to somebody else. */
export const PIPE_RELEASE = 'ended\n'

/** The parent may have died before the death signal was set. */
const unlessOrphan = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"'

/** The subshell is the watcher; it must outlive a Ctrl-C of the terminal and hold none of the program's output. */
const watchedByPipe = [
  'exec 9<&0 </dev/null',
  "( trap '' HUP INT TERM; IFS= read -r line <&9 || kill -KILL $$ ) 9<&9 >/dev/null 2>&1 &",
  'exec 9<&-',
  'exec "$@"',
].join('\n')

function programFolders(): readonly string[] {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  return [...new Set(['/usr/bin', '/bin', ...path])]
}

function findSetpriv(folders: readonly string[]): string | undefined {
  // BusyBox's has no --pdeathsig.
  return folders.map((folder) => join(folder, 'setpriv')).find((file) => existsSync(file) && basename(realpathSync(file)) !== 'busybox')
}
