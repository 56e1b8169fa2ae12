import { execFile } from 'node:child_process'
import { promises as fs } from 'node:fs'
import { parseProcStat } from './process-identity'

/** How a process learns that whoever started it is gone. */
export type ParentSign =
  /** The message channel of a host that was started with one. */
  | 'channel'
  /** The end of standard input, for a parent that holds the other end of the pipe. */
  | 'stdin'
  /** The process that started us; where it may rightly end before us (a shell, a service manager), do not ask for this sign. */
  | 'parent'
  /** npm or npx above us: SIGTERM or SIGKILL to it does not reach what it started. Nothing is watched when it is not there. */
  | 'npm'

interface ParentWatchOptions {
  readonly signs: readonly ParentSign[]
  /** Called once, with what was seen. */
  readonly onGone: (reason: string) => void
  /** How often the processes above are looked at. */
  readonly pollMs?: number
}

/** One process above us, and who was above it in turn. When that changes, the upper one is gone: its children are given to another. */
interface Link {
  readonly pid: number
  readonly parentPid: number
}

interface AncestorFacts {
  readonly parentPid: number
  readonly command: string
}

interface ParentWatch {
  /** Resolves when all signs are watched; looking for npm takes a moment. */
  readonly watching: Promise<void>
  end(): void
}

/** Calls `onGone` when the parent has gone, however it went. It never keeps the process alive by itself. */
export function stopWhenParentIsGone({ signs, onGone, pollMs = 300 }: ParentWatchOptions): ParentWatch {
  const endings: (() => void)[] = []
  let over = false
  const end = (): void => {
    over = true
    for (const ending of endings.splice(0)) ending()
  }
  const gone = (reason: string): void => {
    if (over) return
    end()
    onGone(reason)
  }
  if (signs.includes('channel')) {
    const onDisconnect = (): void => gone('the message channel of the parent ended')
    // There is no such property where there never was a channel.
    if ('connected' in process && !process.connected) queueMicrotask(onDisconnect)
    process.once('disconnect', onDisconnect)
    endings.push(() => process.off('disconnect', onDisconnect))
  }
  if (signs.includes('stdin')) {
    const onEnd = (): void => gone('standard input ended')
    process.stdin.once('end', onEnd).once('error', onEnd).resume()
    if ('unref' in process.stdin) process.stdin.unref()
    endings.push(() => process.stdin.off('end', onEnd).off('error', onEnd).pause())
  }
  const watchChain = (chain: readonly Link[], reason: string): void => {
    if (over) return
    const timer = setInterval(() => {
      void isBroken(chain).then((broken) => {
        if (broken) gone(reason)
      })
    }, pollMs)
    timer.unref()
    endings.push(() => clearInterval(timer))
  }
  const own: Link = { pid: process.pid, parentPid: process.ppid }
  if (signs.includes('parent')) watchChain([own], 'the parent process is gone')
  const watching = async (): Promise<void> => {
    const chain = signs.includes('npm') ? await npmAbove(own) : undefined
    if (chain !== undefined) watchChain(chain, 'npm, which started this process, is gone')
  }
  return { watching: watching(), end }
}

/** The links from us up to npm, at most a shell between; undefined when npm did not start us. */
async function npmAbove(own: Link): Promise<readonly Link[] | undefined> {
  const { parentPid } = own
  const parent = await factsOf(parentPid)
  if (parent === undefined) return undefined
  if (isNpm(parent.command)) return [own]
  if (!isShell(parent.command)) return undefined
  const grandparent = await factsOf(parent.parentPid)
  return grandparent !== undefined && isNpm(grandparent.command) ? [own, { pid: parentPid, parentPid: parent.parentPid }] : undefined
}

/** npm calls itself `npm exec shoal …` or `npm run start`; other runners of package scripts are called by their file. */
export function isNpm(command: string): boolean {
  return /(^|[/\\ ])(npm|npx|pnpm|yarn)(-cli|x)?(\.c?js)?( |$)/.test(command)
}

/** `command`: as `ps` shows it, a login shell with a hyphen before its name. */
export function isShell(command: string): boolean {
  return /^(\S*\/)?-?(sh|bash|dash|zsh|ash|ksh|busybox)( |$)/.test(command)
}

async function isBroken(chain: readonly Link[]): Promise<boolean> {
  for (const link of chain) {
    if (link.pid === process.pid) {
      if (process.ppid !== link.parentPid) return true
    } else if ((await parentOf(link.pid)) !== link.parentPid) return true
  }
  return false
}

/** Undefined when the process is gone. */
async function parentOf(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return (await factsOf(pid))?.parentPid
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat === undefined ? undefined : parseProcStat(stat).parentPid
}

/** Undefined when the process is gone, or on Windows, where a console's end reaches everybody in it. */
async function factsOf(pid: number): Promise<AncestorFacts | undefined> {
  if (process.platform === 'win32') return undefined
  if (process.platform === 'linux') {
    const [parentPid, command] = await Promise.all([parentOf(pid), fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)])
    return parentPid === undefined || command === undefined ? undefined : { parentPid, command: command.replaceAll('\0', ' ').trim() }
  }
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'ppid=,command=', '-p', String(pid)], (error, stdout) => {
      const match = error === null ? /^\s*(\d+)\s+(.+?)\s*$/.exec(stdout) : null
      resolve(match === null ? undefined : { parentPid: Number(match[1]), command: match[2] ?? '' })
    })
  })
}
