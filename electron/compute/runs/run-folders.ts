import { createHash } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { Task } from '../../../shared/models/job'
import type { ResultFolder } from '../executors/executor'

/** Where the files of one execution lie. */
export interface RunFolders {
  readonly root: string
  /** Output of the program; kept for a while after the end. */
  readonly logs: string
  readonly work: string
  readonly inputs: string
  readonly results: string
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

export function runFolders(output: string, executionId: string): RunFolders {
  const root = join(output, folderName(executionId))
  return { root, logs: join(root, 'logs'), work: join(root, 'work'), inputs: join(root, 'inputs'), results: join(root, 'results') }
}

/** Makes what a run needs, empty but for the logs of an earlier run of the same execution. */
export async function makeRunFolders(folders: RunFolders, again: boolean): Promise<void> {
  if (again) await clearRun(folders)
  await fs.mkdir(folders.logs, { recursive: true, mode: 0o700 })
  await fs.mkdir(folders.work, { mode: 0o700, recursive: true })
}

/** A folder for each result path. Their names are the job's, so that they do not become paths of ours. */
export async function makeResultFolders({ results }: RunFolders, { ResultPaths = [] }: Pick<Task, 'ResultPaths'>): Promise<ResultFolder[]> {
  return Promise.all(
    ResultPaths.map(async ({ Name, Path }, index) => {
      const hostPath = join(results, String(index))
      await fs.mkdir(hostPath, { recursive: true, mode: 0o700 })
      return { name: Name, hostPath, target: Path }
    }),
  )
}

/** Removes all but the logs. */
export async function clearRun({ work, inputs, results }: RunFolders): Promise<void> {
  await Promise.all([work, inputs, results].map((folder) => fs.rm(folder, { recursive: true, force: true, maxRetries: 2 })))
}

/** What a folder's execution is doing; undefined for one that nobody knows. */
export type FolderUse = { readonly kind: 'live' } | { readonly kind: 'ended'; readonly at: number } | undefined

/** Removes the folders of executions that have ended long enough ago, also those that an earlier run of the node has left. Returns how many. */
export async function sweepFolders(output: string, useOf: (folder: string) => FolderUse, now: number): Promise<number> {
  let names: string[]
  try {
    names = await fs.readdir(output)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
  let removed = 0
  for (const name of names) {
    const use = useOf(name)
    if (use?.kind === 'live') continue
    const at = use?.at ?? (await fs.stat(join(output, name))).mtimeMs
    if (now - at < LOGS_KEPT_MS) continue
    await fs.rm(join(output, name), { recursive: true, force: true, maxRetries: 2 })
    removed += 1
  }
  return removed
}
