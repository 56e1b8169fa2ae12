import { createHash } from 'node:crypto'
import { existsSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { Task } from '../../../shared/models/job'
import { isMissing } from '../../../shared/system-error'
import type { ResultFolder } from '../executors/executor'
import { WHOLE_OUTPUT } from '../executors/output-store'

/** Where the files of one execution lie: its output, kept for a while after the end, and beside it what only the run needs. Every one costs the disk, so most are made at need. */
export interface RunFolders {
  /** Holds the program's output. */
  readonly root: string
  /** Made by the engines that need it. */
  readonly work: string
  /** Made by the input. */
  input(index: number): string
  result(index: number): string
}

/** What a run does with folders before and after its program. */
export interface RunDisk {
  readonly clearRun: typeof clearRun
}

/** How long output stays after the end. */
export const LOGS_KEPT_MS = 3_600_000

/** `<DataDir>/compute/executions/output`: a folder for each execution. */
export function outputFolder(computeDir: string): string {
  return join(computeDir, 'executions', 'output')
}

/** An id that came over the wire is no path: one that is not plain stands for itself by its hash. */
export function folderName(executionId: string): string {
  return /^[\w-][\w.-]{0,127}$/.test(executionId) ? executionId : createHash('sha256').update(executionId).digest('hex')
}

/** Places of one execution in the folder `output`. Nothing is made. */
export function runFolders(output: string, executionId: string): RunFolders {
  const root = join(output, folderName(executionId))
  return { root, work: join(root, 'work'), input: (index) => join(root, `input-${index}`), result: (index) => join(root, `result-${index}`) }
}

const onlyForRun = /^(work|input-\d+|result-\d+)$/

/** A folder for each result path. Their names are the job's, so that they do not become paths of ours. */
export async function makeResultFolders(folders: RunFolders, { ResultPaths = [] }: Pick<Task, 'ResultPaths'>): Promise<ResultFolder[]> {
  return Promise.all(
    ResultPaths.map(async ({ Name, Path }, index) => {
      const hostPath = folders.result(index)
      await fs.mkdir(hostPath, { recursive: true, mode: 0o700 })
      return { name: Name, hostPath, target: Path }
    }),
  )
}

/** Removes all but the output. */
export async function clearRun({ root }: Pick<RunFolders, 'root'>): Promise<void> {
  // Most runs make none.
  if (!existsSync(root)) return
  for (const name of await namesIn(root)) if (onlyForRun.test(name)) await removeTree(join(root, name))
}

/** As `fs.rm`, with a third of its calls of the system: this happens after every execution. Links are not followed. */
async function removeTree(folder: string): Promise<void> {
  try {
    for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await removeTree(join(folder, entry.name))
      else await fs.unlink(join(folder, entry.name))
    }
    await fs.rmdir(folder)
  } catch {
    // Somebody still writes there, or took away the right to: what cannot be removed after several tries is told.
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Empty for a folder that is not there. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** What a folder's execution is doing; undefined for one that nobody knows. */
export type FolderUse = { readonly kind: 'live' } | { readonly kind: 'ended'; readonly at: number } | undefined

/** Removes the folders, and what lies beside them, of executions that have ended long enough ago, also those that an earlier run of the node has left. Returns how many. */
export async function sweepFolders(output: string, useOf: (folder: string) => FolderUse, now: number): Promise<number> {
  let removed = 0
  for (const name of await namesIn(output)) {
    const use = useOf(name.endsWith(WHOLE_OUTPUT) ? name.slice(0, -WHOLE_OUTPUT.length) : name)
    if (use?.kind === 'live') continue
    const at = use?.at ?? (await fs.stat(join(output, name))).mtimeMs
    if (now - at < LOGS_KEPT_MS) continue
    await fs.rm(join(output, name), { recursive: true, force: true, maxRetries: 2 })
    removed += 1
  }
  return removed
}
