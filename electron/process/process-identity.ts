import { execFile } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/** What tells one process from another that later gets the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it began, in the system's own terms; only ever compared. */
  readonly startTime: string
  /** Its program; undefined where the system does not tell. */
  readonly exe: string | undefined
}

/** Looks up a living process; undefined when there is none (a zombie counts as none). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform === 'linux') return identifyOnLinux(pid)
  if (process.platform === 'win32') return identifyOnWindows(pid)
  return identifyByPs(pid)
}

/** Fields of /proc/<pid>/stat that come after the program's name, which may itself hold blanks and brackets (proc_pid_stat(5)). */
export function parseProcStat(stat: string): {
  readonly name: string
  readonly state: string
  readonly parentPid: number
  readonly startTicks: string
} {
  const open = stat.indexOf('(')
  const close = stat.lastIndexOf(')')
  const fields = stat.slice(close + 2).split(' ')
  return { name: stat.slice(open + 1, close), state: fields[0] ?? '', parentPid: Number(fields[1]), startTicks: fields[19] ?? '' }
}

/** Reading /proc costs microseconds, so this one may be asked for at once. */
export function identifyOnLinux(pid: number): ProcessIdentity | undefined {
  let stat: string
  let bootId: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return undefined // No such process.
  }
  const { state, startTicks } = parseProcStat(stat)
  if (state === 'Z' || state === 'X') return undefined
  return { pid, startTime: `${bootId}:${startTicks}`, exe: linuxExe(pid) }
}

function linuxExe(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '')
  } catch {
    return undefined // Another user's process.
  }
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  const line = await outputOf('ps', ['-o', 'state=,lstart=,comm=', '-p', String(pid)])
  // `S    Tue Nov 24 08:00:00 2026 /path/of/program`
  const match = /^\s*(\S+)\s+(\S+ \S+\s+\d+ [\d:]+ \d{4})\s+(.+?)\s*$/.exec(line ?? '')
  if (match === null || match[1]?.startsWith('Z') === true) return undefined
  return { pid, startTime: match[2] ?? '', exe: match[3] }
}

async function identifyOnWindows(pid: number): Promise<ProcessIdentity | undefined> {
  const script = `$p = Get-Process -Id ${pid} -ErrorAction Stop; "$($p.StartTime.ToUniversalTime().Ticks)|$($p.Path)"`
  const line = (await outputOf('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]))?.trim()
  const [startTime, exe] = line?.split('|') ?? []
  return startTime === undefined || startTime === '' ? undefined : { pid, startTime, exe: exe === '' ? undefined : exe }
}

/** Standard output, or undefined when the program failed: then the process is not there, or nobody can tell. */
function outputOf(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 5000, windowsHide: true, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    )
  })
}
