import { mkdirSync, promises as fs, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../../shared/system-error'
import { systemClock, type Clock } from './clock'
import { identifyOnLinux, identifyProcess, type ProcessIdentity } from './process-identity'

const recordSchema = z.object({
  pid: z.number().int().positive(),
  /** Absent on systems where it is not known at once; filled in a moment later. */
  startTime: z.string().optional(),
  /** The program, links resolved. */
  exe: z.string(),
})
type PidRecord = z.infer<typeof recordSchema>

const SUFFIX = '.pid.json'

/** Path of the record of a process called `name` in a folder that only one program of ours uses at a time. */
export function pidRecordPath(dir: string, name: string): string {
  return join(dir, `${name}${SUFFIX}`)
}

/** Writes the record at once: a crash right after the spawn must find it. Failing to write is no reason not to run. */
export function recordPid(path: string, spawned: { readonly pid: number; readonly file: string }): void {
  const record: PidRecord = { pid: spawned.pid, exe: resolved(spawned.file) }
  if (process.platform === 'linux') {
    write(path, { ...record, startTime: identifyOnLinux(spawned.pid)?.startTime })
    return
  }
  write(path, record)
  void identifyProcess(spawned.pid).then((identity) => {
    if (identity !== undefined && readRecord(path)?.pid === spawned.pid) write(path, { ...record, startTime: identity.startTime })
  })
}

/** Removes the record of a process that has ended. */
export function forgetPid(path: string): void {
  rmSync(path, { force: true })
}

/** Whether the process that now has the recorded pid is the recorded one. Never on the pid alone: pids are used again. */
function isRecorded(record: PidRecord, identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && identity.pid === record.pid && identity.startTime === record.startTime && identity.exe === record.exe
}

interface Leftover {
  readonly name: string
  readonly pid: number
  /** `gone`: it had ended; `ended`: we ended it; `alive`: it is ours and could not be ended. */
  readonly outcome: 'gone' | 'ended' | 'alive'
}

interface EndLeftoversOptions {
  /** How long a leftover may take to end by itself before it is killed. */
  readonly graceMs?: number
  readonly clock?: Clock
}

/**
 * Ends what a crash left running, by the records in `dir`, and removes them. Call it with the folder's lock held: a record of a
 * program that still runs in that folder would be ended too.
 */
export async function endLeftovers(dir: string, { graceMs = 3000, clock = systemClock }: EndLeftoversOptions = {}): Promise<readonly Leftover[]> {
  const names = await fs.readdir(dir).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const leftovers = names.filter((name) => name.endsWith(SUFFIX)).map((name) => endLeftover(join(dir, name), graceMs, clock))
  return (await Promise.all(leftovers)).filter((leftover) => leftover !== undefined)
}

async function endLeftover(path: string, graceMs: number, clock: Clock): Promise<Leftover | undefined> {
  const record = readRecord(path)
  const name = basename(path, SUFFIX)
  if (record === undefined) {
    forgetPid(path)
    return undefined
  }
  const lives = async (): Promise<boolean> => isRecorded(record, await identifyProcess(record.pid))
  const endsWithin = async (ms: number): Promise<boolean> => {
    const deadline = clock.monotonicMs() + ms
    while (await lives()) {
      if (clock.monotonicMs() >= deadline) return false
      await clock.sleep(20)
    }
    return true
  }
  let outcome: Leftover['outcome'] = 'gone'
  if (await lives()) {
    signal(record.pid, 'SIGTERM')
    const ended = (await endsWithin(graceMs)) || (signal(record.pid, 'SIGKILL'), await endsWithin(2000))
    outcome = ended ? 'ended' : 'alive'
  }
  if (outcome !== 'alive') forgetPid(path)
  return { name, pid: record.pid, outcome }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone meanwhile, or not ours to end: the caller looks again.
  }
}

function readRecord(path: string): PidRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
  } catch {
    return undefined // Missing, or cut off by a crash while it was written: it proves nothing, so nobody is ended by it.
  }
}

function write(path: string, record: PidRecord): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, JSON.stringify(record), { mode: 0o600 })
  } catch {
    // A full disk is told by what needs it more; without the record only the reclaiming after a crash is lost.
  }
}

function resolved(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file // A name found on PATH: never reclaimed, since nothing proves it ours.
  }
}
