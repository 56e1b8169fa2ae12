import { promises as fs } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { readJson } from '../../../shared/read-json'
import { systemCodeOf } from '../../../shared/system-error'
import { identifyProcess, type ProcessIdentity } from '../../process/process-identity'

const ownerSchema = z.object({ pid: z.number().int().positive(), startTime: z.string().optional() })
type Owner = z.infer<typeof ownerSchema>

/** A data directory that is this process’s alone. */
export interface NodeLock {
  /** Removes the lock if it is still ours. Never rejects. */
  release(): Promise<void>
}

const TAKEOVER_LIMIT_MS = 5_000
const TAKEOVER_POLL_MS = 20

/**
 * Takes the lock file, so that no second process works in the same folder. A lock whose process is gone (looked up by pid
 * and start time, since pids are used again) is taken over.
 * @throws AppError `data-dir.in-use` naming the process that has it
 */
export async function takeNodeLock(path: string, folder: string): Promise<NodeLock> {
  const self = await ownIdentity()
  const text = JSON.stringify({ pid: self.pid, ...(self.startTime === undefined ? {} : { startTime: self.startTime }) } satisfies Owner)
  if (!(await createExclusively(path, text))) await takeOver(path, folder, text)
  return {
    release: async () => {
      const current = await readText(path)
      if (current === text) await fs.rm(path, { force: true }).catch(() => undefined) // What stays behind is a stale lock, which the next start takes over.
    },
  }
}

/** Two starts may find the same stale lock: only one of them at a time may look at it and replace it. */
async function takeOver(path: string, folder: string, text: string): Promise<void> {
  const turn = `${path}.turn`
  const deadline = performance.now() + TAKEOVER_LIMIT_MS
  while (!(await createExclusively(turn, ''))) {
    if (performance.now() > deadline) await fs.rm(turn, { force: true }) // Left by a crash in the few milliseconds of a takeover.
    await new Promise((resolve) => setTimeout(resolve, TAKEOVER_POLL_MS))
  }
  try {
    const owner = await livingOwner(path)
    if (owner !== undefined) throw inUse(folder, owner.pid)
    const temporary = `${path}.${process.pid}`
    await fs.writeFile(temporary, text, { mode: 0o600 })
    await fs.rename(temporary, path)
  } finally {
    await fs.rm(turn, { force: true })
  }
}

async function livingOwner(path: string): Promise<Owner | undefined> {
  const owner = parseOwner(await readText(path))
  if (owner === undefined) return undefined
  const identity = await identifyProcess(owner.pid)
  return identity !== undefined && (owner.startTime === undefined || owner.startTime === identity.startTime) ? owner : undefined
}

function parseOwner(text: string | undefined): Owner | undefined {
  // One that a crash cut off while it was written fits nothing: its writer never got as far as owning anything.
  return ownerSchema.safeParse(readJson(text ?? '')).data
}

/** Windows takes a third of a second to tell a start time; there the pid has to do. */
async function ownIdentity(): Promise<Pick<ProcessIdentity, 'pid'> & { readonly startTime?: string }> {
  if (process.platform === 'win32') return { pid: process.pid }
  return (await identifyProcess(process.pid)) ?? { pid: process.pid }
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    await fs.writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false
    throw error
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8')
  } catch {
    return undefined // Released meanwhile.
  }
}

function inUse(folder: string, pid: number): AppError {
  return new AppError('data-dir.in-use', `The data directory ${folder} is in use by another node (process ${pid}).`, {
    hint: `Stop that node, or give this one a directory of its own with --data-dir.`,
    details: { path: folder, pid: String(pid) },
  })
}
