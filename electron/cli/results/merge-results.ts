import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readdir, rename } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../shared/errors'
import { planMerge } from './plan-merge'
import type { MergeStep, UnpackedResult } from './plan-merge'

/**
 * Moves the files of results into one tree under `target`. Refuses before anything is moved when a file is there already. Throws `results.exists`,
 * `results.no-such-file`.
 */
export async function mergeResults(folders: readonly string[], target: string, only: string | undefined): Promise<void> {
  const results: UnpackedResult[] = []
  for (const folder of folders) results.push({ folder, files: await filesIn(folder) })
  const { steps, collision } = planMerge(results, only)
  const taken = collision ?? (await firstTaken(steps, target))
  if (taken !== undefined)
    throw new AppError('results.exists', `cannot merge results as output already exists: ${join(target, taken)}.`, {
      hint: 'Name another folder with --output-dir, or keep results as they are with --raw.',
    })
  if (steps.length === 0 && only !== undefined)
    throw new AppError('results.no-such-file', `The results hold no ${only}.`, { hint: 'Get the whole job to see what there is.' })
  if (only === undefined) for (const folder of folders) await makeFolders(folder, target)
  for (const step of steps) await merge(step, target)
}

async function merge({ kind, from, file }: MergeStep, target: string): Promise<void> {
  const goal = join(target, file)
  await mkdir(dirname(goal), { recursive: true })
  if (kind === 'move') await rename(join(from.folder, file), goal)
  else await pipeline(createReadStream(join(from.folder, file)), createWriteStream(goal, { flags: 'a' }))
}

async function firstTaken(steps: readonly MergeStep[], target: string): Promise<string | undefined> {
  for (const { kind, file } of steps) if (kind === 'move' && (await exists(join(target, file)))) return file
  return undefined
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Folders without files are results, too. */
async function makeFolders(folder: string, target: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await mkdir(join(target, relative(folder, join(entry.parentPath, entry.name))), { recursive: true })
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}
